"""What operators can switch: everything, or one person, repo or guild, each with a reason that is told."""

from pathlib import Path

import pytest

from bot.assembly import build_context
from bot.context import Context
from bot.domain.errors import UserError
from bot.domain.events import InteractionAsked
from bot.domain.models import ChannelRef, DiscussionRef, Requester, ThreadRef, Wishes
from bot.runs.admit import Request, admit
from handlers import admin
from handlers.asked import Asked, Outcome
from handlers.turned_away import turned_away
from tests.harness.chat import Chat
from tests.harness.small_bot import small_settings
from tests.harness.world import SENTIMENT
from worker.contract import Kind

ADA, BOB = "a" * 24, "b" * 24
OPERATOR, STRANGER = "100000000000000001", "100000000000000002"
GUILD = "200000000000000001"
HERE = DiscussionRef(repo=SENTIMENT, num=1)
CHANNEL = ChannelRef(guild_id=GUILD, channel_id="3")


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return build_context(small_settings(tmp_path, discord_operators=OPERATOR), lambda: 1_800_000_000.0)


def says(ctx: Context, *words: str, by: str = OPERATOR) -> Outcome:
    event = InteractionAsked(
        interaction_id="1",
        user_id=by,
        user_name="op",
        guild_id=None,
        channel_id="2",
        words=("admin", *words),
        is_public=False,
        is_ephemeral=True,
        answer=None,
    )
    return admin.outcome(event, ctx)


def asks(
    ctx: Context, user_id: str, thread: ThreadRef, verb: str = "help", discord_id: str = ""
) -> str | None:
    asked = Asked("key", Requester(id=user_id, name="x"), thread)
    refused = turned_away(asked, verb, ctx, discord_id or None)
    return refused.sentence if refused else None


@pytest.mark.parametrize(
    ("kind", "who", "denied"),
    [
        ("user", ADA, (ADA, DiscussionRef(repo="zoo/other", num=1), "")),
        ("user", f"<@{STRANGER}>", (ADA, CHANNEL, STRANGER)),
        ("repo", SENTIMENT.upper(), (BOB, HERE, "")),
        ("guild", GUILD, (BOB, CHANNEL, STRANGER)),
    ],
)
def test_what_is_denied_is_told_the_reason_until_it_is_allowed(
    ctx: Context, kind: str, who: str, denied: tuple[str, ThreadRef, str]
) -> None:
    user_id, thread, discord_id = denied
    assert says(ctx, "deny", f"kind={kind}", f"who={who}").code == "E_OPT", "a reason is needed"

    said = says(ctx, "deny", f"kind={kind}", f"who={who}", "reason=it was spam=yes").sentence

    assert said and "any more: it was spam=yes." in said
    refused = asks(ctx, user_id, thread, discord_id=discord_id)
    assert refused and "The operator of this bot doesn't let me work" in refused and "spam=yes" in refused
    assert asks(ctx, "c" * 24, DiscussionRef(repo="zoo/third", num=1), discord_id="9" * 18) is None
    assert asks(ctx, user_id, thread, "disconnect", discord_id) is None, "everybody may leave"
    assert asks(ctx, user_id, thread, "why", discord_id) is None
    again = says(ctx, "allow", f"kind={kind}", f"who={who}").sentence
    assert again and "again" in again and asks(ctx, user_id, thread, discord_id=discord_id) is None
    assert "was not denied" in (says(ctx, "allow", f"kind={kind}", f"who={who}").sentence or "")


def test_whatever_starts_a_run_is_refused_for_a_denied_person_or_model(ctx: Context) -> None:
    says(ctx, "deny", "kind=repo", f"who={SENTIMENT}", "reason=a takedown notice")
    says(ctx, "deny", "kind=user", f"who={ADA}", "reason=spam")

    for user_id, model, reason in ((BOB, SENTIMENT, "a takedown notice"), (ADA, "zoo/other", "spam")):
        request = Request("key", Requester(id=user_id, name="x"), HERE, Kind.BUILD, Wishes(), model_id=model)
        with pytest.raises(UserError, match=reason) as refused:
            admit(ctx, request)
        assert refused.value.code == "E_DENIED"


def test_what_is_nobody_is_not_denied(ctx: Context) -> None:
    for kind, who in (("repo", "no-owner"), ("guild", "workshop"), ("repo", "../etc/passwd")):
        outcome = says(ctx, "deny", f"kind={kind}", f"who={who}", "reason=x")
        assert outcome.code == "E_OPT" and "Nothing was changed" in (outcome.sentence or "")
    assert says(ctx, "deny", "kind=user", f"who={ADA}", "reason=x", by=STRANGER).code == "E_ROLE"


@pytest.mark.thorough
def test_an_operator_denies_a_person_by_name_wherever_they_ask(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.operated_by(chat.bob)
    dm = chat.bob.dm

    said = chat.bob.slash("admin deny", in_=dm, kind="user", who="ada", reason="she asked for it").reply()

    assert f"the user `ada` (known as `{chat.world.ada.id}`)" in said.text
    assert (
        "doesn't let me work for you: she asked for it"
        in chat.ada.slash("build", model=SENTIMENT).reply().text
    )
    thread = chat.world.ada.opens_discussion(SENTIMENT, "@space-factory build")
    assert "doesn't let me work for you: she asked for it. Nothing was started." in thread.next_reply()
    chat.world.ada.says(thread, "@space-factory help")
    assert "I know no user `nobody-at-all`" in (
        chat.bob.slash("admin deny", in_=dm, kind="user", who="nobody-at-all", reason="x").reply().text
    )
    assert "again" in chat.bob.slash("admin allow", in_=dm, kind="user", who="ada").reply().text
    assert "🏓" in chat.ada.slash("ping").reply().text
    assert chat.world.runs() == [] and len(thread.replies()) == 1
