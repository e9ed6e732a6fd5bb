"""On Discord: what is offered, who reads the answers, and what people and operators can set."""

import pytest

from bot.domain.models import RunState
from tests.harness.chat import Chat
from tests.harness.discord import Permission
from tests.harness.world import SENTIMENT

pytestmark = pytest.mark.thorough


def test_the_commands_are_those_of_the_table_and_are_told_once(chat: Chat) -> None:
    assert {"build", "validate", "why", "settings"} < set(chat.ada.commands())
    assert not {"quiet", "unquiet", "admin"} & set(chat.ada.commands())
    assert "admin" in chat.ada.commands(chat.ada.dm)
    written = chat.discord.journal.entries("PUT", "/commands")

    chat.world.restarts()
    chat.discord.connects()

    assert chat.ada.slash("ping").reply().text.startswith("🏓 Up")
    assert chat.discord.journal.entries("PUT", "/commands") == written and len(written) == 1


def test_options_are_typed_and_mean_what_they_mean_in_a_comment(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)

    asked = chat.ada.slash("plan", model=SENTIMENT, budget=0.0001 + 0.02, notify="outcomes")

    assert "👍 Started" in asked.reply().text
    run = chat.run_ends()
    assert (run.wishes.budget, run.wishes.notify) == (0.0201, "outcomes")
    assert "📋 **Plan for" in chat.ada.sees(chat.channel)[-1].content
    assert "is not a model's name" in chat.ada.slash("build", model="../etc").reply().text


def test_a_button_that_is_not_ours_does_nothing(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    living = chat.ada.slash("build", model=SENTIMENT).reply()
    pressed = living.button("Cancel")
    pressed["custom_id"] = pressed["custom_id"][:-1] + ("0" if pressed["custom_id"][-1] != "0" else "1")

    assert "This button is none of mine" in chat.ada.clicks(living, "Cancel").reply().text
    assert "Stopping it" in chat.ada.slash("cancel").reply().text
    chat.run_ends()


def test_where_the_bot_may_not_write_it_answers_directly(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.ada.installs()
    elsewhere = chat.discord.guild("elsewhere", bot=False).channels[0]

    asked = chat.ada.slash("build", in_=elsewhere, model=SENTIMENT)

    assert asked.reply().ephemeral and "I write to you directly" in asked.reply().text
    living = chat.ada.next_message(chat.ada.dm)
    assert "Building a Space for" in living.text
    stopped = chat.ada.clicks(living, "Cancel").reply()
    chat.run_ends()
    assert "Cancelled" in [each for each in chat.ada.sees(chat.ada.dm) if each is not stopped][-1].text
    assert elsewhere.seen_by(chat.bob.user) == []


def test_who_takes_no_direct_messages_has_the_run_page(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.ada.closes_dms()
    chat.channel.takes_from_bot(Permission.SEND_MESSAGES)

    asked = chat.ada.slash("build", model=SENTIMENT)

    assert asked.reply().ephemeral
    assert f"[run page]({chat.world.url}/runs/{chat.run().id})" in asked.reply().text
    chat.run_reaches(RunState.RUNNING)
    assert "Stopping it" in chat.ada.slash("cancel").reply().text
    chat.run_ends()
    assert chat.bob.sees(chat.channel) == []


def test_a_private_model_is_not_spoken_of_in_public(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.world.ada.api.create_repo("ada/secret", private=True)

    asked = chat.ada.slash("build", model="ada/secret")

    assert asked.reply().ephemeral and "I can't open that model" in asked.reply().text
    assert chat.bob.sees(chat.channel) == []


def test_settings_are_shown_and_changed_and_hold_for_what_comes(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)

    assert "notify `all` · at most $1.00 a run" in chat.ada.slash("settings").reply().text
    changed = chat.ada.slash("settings", notify="none", budget=0.5).reply()

    assert changed.ephemeral and "notify `none` · at most $0.50 a run" in changed.text


def test_operators_pause_the_bot_and_say_why(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    assert "Only operators" in chat.bob.slash("admin pause", in_=chat.bob.dm, reason="fun").reply().text
    chat.operated_by(chat.bob)

    chat.bob.slash("admin pause", in_=chat.bob.dm, reason="the Hub is being moved").reply()

    refused = chat.ada.slash("build", model=SENTIMENT).reply()
    assert "⏸️ Builds are paused: the Hub is being moved. Nothing was started" in refused.text
    assert "start again" in chat.bob.slash("admin resume", in_=chat.bob.dm).reply().text


def test_the_first_answer_is_there_within_a_second(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    asked = []
    for number in range(30):
        asked.append(chat.ada.slash("plan", model=SENTIMENT, rev=f"no-{number}"))
        asked[-1].acknowledged()
    for each in asked:
        each.reply(seconds=60)

    times = sorted(each.milliseconds for each in asked)
    print(f"first answers: median {times[15]:.0f} ms, slowest {times[-1]:.0f} ms")
    assert times[15] < 1000
