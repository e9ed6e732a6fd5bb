"""T12, T17: two bots that answer each other fall silent, and nobody makes a spam cannon of ours."""

from pathlib import Path

from bot.assembly import build_context
from bot.domain.models import DiscussionRef, Requester
from handlers.asked import Asked
from handlers.flood import SAME_ANSWERS, one_too_many
from tests.harness.small_bot import small_settings
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def test_t12_two_bots_that_mention_each_other_stop(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory help")
    for turn in range(1, SAME_ANSWERS + 3):
        decided(world, turn)
        world.bob.says(thread, f"@space-factory help\n\nI answer you, number {turn}.")
    decided(world, SAME_ANSWERS + 3)

    replies = [reply.content for reply in thread.replies()]
    assert len(replies) == SAME_ANSWERS <= 5
    assert "this looks like a loop" in world.log.file.read_text()
    assert not [reply for reply in replies if "@space-factory" in reply]
    thread.read.update(reply.id for reply in thread.replies())
    world.bob.says(thread, "@space-factory why")
    assert "`E_LOOP`" in thread.next_reply()


def test_t17_a_thousand_mentions_get_one_reply_beyond_the_allowance(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    ctx = build_context(small_settings(tmp_path, commands_per_hour=20), lambda: now[0])
    refusals = [one_too_many(asked(turn, "b" * 24), "help", ctx) for turn in range(1000)]

    allowed = [refusal for refusal in refusals if refusal is None]
    said = [refusal.sentence for refusal in refusals if refusal and refusal.sentence]
    assert (len(allowed), len(said)) == (20, 1)
    assert "as often as I answer one person" in said[0]
    assert one_too_many(asked(2000, "c" * 24), "help", ctx) is None, "others are answered"
    now[0] += 3601
    assert one_too_many(asked(2001, "b" * 24), "help", ctx) is None, "the hour has passed"


def test_t17_many_accounts_cannot_flood_one_repo_either(tmp_path: Path) -> None:
    ctx = build_context(small_settings(tmp_path, commands_per_hour=20), lambda: 1_800_000_000.0)
    refusals = [one_too_many(asked(turn, f"{turn:024x}"), "help", ctx) for turn in range(200)]

    assert sum(refusal is None for refusal in refusals) == 40
    assert sum(bool(refusal and refusal.sentence) for refusal in refusals) == 1


def asked(turn: int, user_id: str) -> Asked:
    """In a thread of its own each, so that nothing else bounds it."""
    requester = Requester(id=user_id, name="bob")
    return Asked(f"comment:{turn:024x}", requester, DiscussionRef(repo=SENTIMENT, num=turn + 1))


def decided(world: World, count: int) -> None:
    """So many commands of bob's were decided about."""
    wait_until(lambda: len(world.ctx.decisions.about(world.bob.id)) >= count, "every decision", 60)
