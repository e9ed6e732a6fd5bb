"""Every call that connects the bot with Discord, and every way in which Discord fails it: it comes back by itself, and
the Hub is served meanwhile. And those that link an account: linked, or told to begin again."""

from collections.abc import Iterator

import pytest

from tests.harness import leaving
from tests.harness.chat import Chat
from tests.harness.discord import Person
from tests.harness.discord.commands import EVERYWHERE
from tests.harness.discord_calls import FAULTS, OF_A_START, OF_LINKING, SECONDS
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

OFTEN = {"commands_per_hour": 10_000, "requests_per_minute": 100_000}


@pytest.fixture(scope="module")
def chat_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    with leaving.chatted_in(
        Chat(tmp_path_factory.mktemp("faults"), discord_seconds=SECONDS, **OFTEN)
    ) as chat:
        yield chat


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_START)
def test_a_connection_that_fails_is_made_again(chat_of_faults: Chat, call: str, fault: str) -> None:
    chat = chat_of_faults
    chat.world.stops()
    if call == "other commands":
        forgets(chat, "ping")
    FAULTS[fault](chat.discord, OF_A_START[call])

    chat.world.starts()

    chat.discord.connects(120)
    wait_until(chat.discord.troubles.are_over, "the fault", seconds=60)
    wait_until(lambda: "ping" in chat.ada.commands(), "its commands", seconds=60)
    asked = chat.ada.slash("ping")
    asked.acknowledged(60)
    assert asked.reply(60).text.startswith("🏓 Up")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_LINKING)
def test_a_link_that_fails_keeps_nothing_and_can_be_followed_again(
    chat_of_faults: Chat, call: str, fault: str
) -> None:
    chat = chat_of_faults
    who, on_hub = chat.discord.person(f"{call} {fault}"), chat.world.ada
    chat.leaves_discord(on_hub)
    link = link_for(chat, who)
    FAULTS[fault](chat.discord, OF_LINKING[call])

    words = chat.follows(link, who, on_hub)

    assert chat.discord.troubles.are_over()
    is_there = fault in {"slow", "timeout"}  # there is more patience for a browser that waits
    assert ("<dd>ada</dd>" in words) is is_there, words
    assert is_there or "again" in words or "did not accept" in words, words
    assert chat.world.ctx.discord_links.of(who.id) is None
    if not is_there:
        chat.leaves_discord(on_hub)
        words = chat.follows(link_for(chat, who), who, on_hub)
        assert "<dd>ada</dd>" in words, words


def forgets(chat: Chat, name: str) -> None:
    """Discord does not know this command any more."""
    commands = chat.discord.state.commands
    [there] = [each for each in commands.all() if each["name"] == name]
    chat.discord.do(lambda: commands.delete(there["id"], EVERYWHERE))


def link_for(chat: Chat, who: Person) -> str:
    asked = who.slash("connect")
    asked.acknowledged(60)
    return chat.link_of(asked)
