"""Every call of Discord that a run makes, and every way in which Discord fails it: the run ends well, and its person
reads of it once, in the channel or, where that is refused, directly."""

from collections.abc import Iterator
from contextlib import suppress

import discord
import httpx2
import pytest

from bot.domain.errors import DiscordUnavailable
from bot.domain.models import Run, RunState, run_id_for
from tests.harness import leaving
from tests.harness.chat import Chat
from tests.harness.discord import Interaction, Message
from tests.harness.discord_calls import DIRECTLY, FAULTS, FINAL, OF_A_RUN, OF_DOUBLES, SECONDS
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def chat_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    chat = Chat(tmp_path_factory.mktemp("faults"), discord_seconds=SECONDS, commands_per_hour=10_000)
    tried_again = ("step failed", "delivery failed")
    with leaving.chatted_in(chat, expected_errors=tried_again):
        chat.links(chat.ada, chat.world.ada)
        chat.ada.installs()
        chat.discord.guild("elsewhere", bot=False)
        yield chat


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_RUN)
def test_a_call_that_fails(chat_of_faults: Chat, call: str, fault: str) -> None:
    chat = chat_of_faults
    FAULTS[fault](chat.discord, OF_A_RUN[call])

    asked = chat.ada.slash("plan", model=SENTIMENT)

    run = ends(chat, asked)
    said = [each for each in (*chat.ada.sees(chat.channel), *chat.ada.sees(chat.ada.dm)) if is_of(each, run)]
    assert len([each for each in said if is_final(each)]) == 1, [each.text for each in said]
    assert len([each for each in said if not is_final(each)]) == 1, [each.text for each in said]
    # An edit that comes so late that a newer one has overtaken it can't be called back.
    told = said if (call, fault) != ("change what was said", "timeout") else filter(is_final, said)
    assert all("📋 **Plan for" in each.text for each in told), [each.text for each in said]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", DIRECTLY)
def test_a_call_that_fails_where_only_one_person_reads(chat_of_faults: Chat, call: str, fault: str) -> None:
    chat = chat_of_faults
    elsewhere = next(each for each in chat.discord.state.guilds.values() if each.name == "elsewhere")
    if call == "the way to a person":  # which is known for as long as the client lives
        chat.world.restarts()
        chat.discord.connects(60)
    before = len(chat.ada.sees(chat.ada.dm))
    FAULTS[fault](chat.discord, DIRECTLY[call])

    asked = chat.ada.slash("plan", in_=elsewhere.channels[0], model=SENTIMENT)

    run = ends(chat, asked)
    said = chat.ada.sees(chat.ada.dm)[before:]
    kinds = sorted("final" if is_final(each) else "living" for each in said)
    # Who takes no message of ours, as a refusal says, has the page of the run.
    allowed = [["final", "living"]] if fault not in {"403", "404"} else [["final"], ["living"]]
    assert kinds in allowed, [each.text for each in said]
    assert run.id in asked.message.text
    assert elsewhere.channels[0].seen_by(chat.bob.user) == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_DOUBLES)
def test_a_message_that_was_said_twice_is_taken_back(chat_of_faults: Chat, call: str, fault: str) -> None:
    chat = chat_of_faults
    asked = chat.ada.slash("plan", model=SENTIMENT)
    thread = chat.world.ctx.thread(ends(chat, asked).thread)
    said_twice = says_in_the_channel(chat, f"said twice: {fault}")
    FAULTS[fault](chat.discord, OF_DOUBLES[call])

    with suppress(DiscordUnavailable, discord.HTTPException):  # whoever was held up has nobody to tell
        thread.remove(f"{chat.channel.id}/{said_twice}")
    chat.discord.troubles.end()
    thread.remove(f"{chat.channel.id}/{said_twice}")

    shown = [each.id for each in chat.bob.sees(chat.channel) if not each.deleted]
    assert shown and said_twice not in shown


def says_in_the_channel(chat: Chat, text: str) -> str:
    """As by a process that was held up; the id of the message."""
    url = f"{chat.discord.api}/channels/{chat.channel.id}/messages"
    headers = {"Authorization": f"Bot {chat.discord.token}"}
    return str(httpx2.post(url, headers=headers, json={"content": text}).json()["id"])


def ends(chat: Chat, asked: Interaction) -> Run:
    """The run that came of it, when there is nothing left to do; time need not be waited for."""

    def over() -> Run | None:
        chat.world.passes(hours=0.0005)
        found = next((run for run in chat.world.runs() if run.id == run_of(chat, asked)), None)
        return found if found and found.is_settled and chat.discord.troubles.are_over() else None

    run = wait_until(over, lambda: f"the end of it: {chat.world.runs()[:1]}", seconds=90, every=0.2)
    chat.discord.troubles.end()
    assert run.state in {RunState.SUCCEEDED, RunState.FAILED}
    return run


def run_of(chat: Chat, asked: Interaction) -> str:
    return run_id_for(f"interaction:{asked.id}")


def is_of(message: Message, run: Run) -> bool:
    return not message.ephemeral and run.id in message.text and not message.deleted


def is_final(message: Message) -> bool:
    return FINAL in message.text
