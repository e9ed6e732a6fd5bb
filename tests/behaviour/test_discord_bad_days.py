"""Discord on bad days: sockets drop, requests are refused, answers are lost, and the bot itself is killed."""

import httpx2
import pytest

from bot.domain.living_message import living_mark
from bot.domain.models import RunState
from tests.harness.chat import Chat
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT

pytestmark = pytest.mark.thorough


def test_a_dropped_socket_is_taken_up_again(chat: Chat) -> None:
    chat.discord.gateway.drops()
    chat.discord.connects()

    assert chat.ada.slash("ping").reply().text.startswith("🏓 Up")


def test_an_ended_session_is_begun_again(chat: Chat) -> None:
    chat.discord.gateway.invalidates()
    wait_until(lambda: chat.discord.gateway.counts.identified > 1, "a new session")
    chat.discord.connects()

    assert chat.ada.slash("ping").reply().text.startswith("🏓 Up")


def test_a_refusal_for_asking_too_often_is_waited_for(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    living = chat.ada.slash("build", model=SENTIMENT).reply()
    chat.discord.rate_limits.refuses("PATCH /channels/*", retry_after=1.5)

    assert "Stopping it" in chat.ada.clicks(living, "Cancel").reply().text

    chat.run_ends()
    assert "Cancelled" in living.text


def test_a_lost_answer_posts_nothing_twice(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    living = chat.ada.slash("build", model=SENTIMENT).reply()
    chat.discord.troubles.drops(route="POST /channels/*/messages", done=True)
    chat.discord.troubles.answers(502, route="PATCH /channels/*", times=2)

    chat.ada.clicks(living, "Cancel").reply()

    chat.run_ends()
    assert [each.ephemeral for each in chat.ada.sees(chat.channel)].count(False) == 2


def test_discord_that_is_away_leaves_the_hub_alone(chat: Chat) -> None:
    chat.world.stops()
    chat.discord.troubles.drops(times=3)
    chat.world.starts()

    thread = chat.world.ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in thread.next_reply()

    chat.discord.connects(seconds=60)
    assert chat.ada.slash("ping").reply().text.startswith("🏓 Up")


def test_a_token_that_discord_does_not_know_leaves_the_hub_alone(chat: Chat) -> None:
    chat.discord.resets_token()
    chat.world.restarts()

    thread = chat.world.ada.opens_discussion(SENTIMENT, "@space-factory ping")

    assert "🏓 Up" in thread.next_reply()
    assert '"discord is away"' in chat.world.log.file.read_text()


@pytest.mark.parametrize("minutes", [0, 20], ids=["soon", "when its token has ended"])
def test_what_was_deferred_before_a_kill_is_answered_after_the_restart(chat: Chat, minutes: float) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.world.stops()
    chat.world.starts_as_process()
    chat.discord.connects()
    chat.discord.troubles.delays(1.5, route="PATCH /webhooks/*")
    asked = chat.ada.slash("build", model=SENTIMENT)
    asked.acknowledged()
    chat.world.kills()
    chat.discord.disconnects()
    chat.discord.passes(minutes=minutes)

    chat.world.starts()
    chat.discord.connects()

    run = chat.run()
    chat.run_reaches(RunState.RUNNING)
    wait_until(
        lambda: [each for each in chat.bob.sees(chat.channel) if run.id in each.text], "the living message"
    )
    assert "Stopping it" in chat.ada.slash("cancel").reply().text
    chat.run_ends()
    said = [each.text for each in chat.bob.sees(chat.channel) if run.id in each.text]
    assert len(said) == 2


def test_of_two_living_messages_the_other_one_is_found(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.ada.slash("plan", model=SENTIMENT).acknowledged(60)
    run = chat.run_ends()
    assert run.message_id
    thread, mark = chat.world.ctx.thread(run.thread), living_mark(run.id)
    assert thread.find(mark) == run.message_id and thread.find(mark, but=run.message_id) is None

    posted = httpx2.post(  # as by a process that was held up, when Discord has forgotten the nonce
        f"{chat.discord.api}/channels/{chat.channel.id}/messages",
        headers={"Authorization": f"Bot {chat.discord.token}"},
        json={"content": mark},
    )

    other = f"{chat.channel.id}/{posted.json()['id']}"
    assert thread.find(mark, but=run.message_id) == other
    thread.remove(run.message_id)
    assert thread.find(mark) == other
