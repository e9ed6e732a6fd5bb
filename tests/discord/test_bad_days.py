"""Rate limits and troubles of Discord, as the real discord.py lives through them."""

import aiohttp
import discord as library
import pytest

from tests.discord.small_bot import Running
from tests.harness.discord import Channel, DiscordServer, Permission, Person
from tests.harness.waiting import wait_until

MESSAGES = "/channels/{channel_id}/messages"


def statuses(discord: DiscordServer, method: str, route: str) -> list[int]:
    return [entry.status for entry in discord.journal.entries(method, route)]


def test_a_429_is_waited_for_and_tried_again(bot: Running, discord: DiscordServer, channel: Channel) -> None:
    discord.rate_limits.refuses("POST /channels/*/messages", retry_after=0.1, times=2)
    sent = bot.do(bot.bot.get_partial_messageable(int(channel.id)).send("hello"))
    assert statuses(discord, "POST", MESSAGES) == [429, 429, 200]
    assert channel.messages[str(sent.id)].content == "hello"


def test_a_global_429_stops_everything_for_a_while(
    bot: Running, discord: DiscordServer, channel: Channel
) -> None:
    discord.rate_limits.refuses("POST /channels/*/messages", retry_after=0.2, everywhere=True)
    bot.do(bot.bot.get_partial_messageable(int(channel.id)).send("hello"))
    entries = discord.journal.entries("POST", MESSAGES)
    assert [entry.status for entry in entries] == [429, 200]
    assert entries[1].at - entries[0].at >= 0.2


def test_the_bucket_of_a_route_is_told_and_kept_by_the_client(
    bot: Running, discord: DiscordServer, channel: Channel
) -> None:
    discord.rate_limits.limits[f"POST {MESSAGES}"] = (2, 0.4)
    place = bot.bot.get_partial_messageable(int(channel.id))
    for number in range(5):
        bot.do(place.send(str(number)))
    entries = discord.journal.entries("POST", MESSAGES)
    assert [entry.status for entry in entries] == [200] * 5
    assert entries[-1].at - entries[0].at >= 0.6


def test_a_5xx_is_tried_again(bot: Running, discord: DiscordServer, channel: Channel) -> None:
    discord.troubles.answers(502, route="POST /channels/*/messages")
    bot.do(bot.bot.get_partial_messageable(int(channel.id)).send("hello"))
    assert statuses(discord, "POST", MESSAGES) == [502, 200]


def test_an_answer_that_was_lost_may_have_had_its_effect(
    bot: Running, discord: DiscordServer, channel: Channel, ada: Person
) -> None:
    place = bot.bot.get_partial_messageable(int(channel.id))
    for done in (False, True):
        discord.troubles.drops(route="POST /channels/*/messages", done=done)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            bot.do(place.send("hello", nonce="n1"))
        assert len(ada.sees()) == done
    bot.do(place.send("hello", nonce="n1"))
    assert len(ada.sees()) == 1


def test_an_answer_after_three_seconds_is_unknown(bot: Running, discord: DiscordServer, ada: Person) -> None:
    discord.troubles.delays(0.2, route="POST /interactions/*")
    asked = ada.slash("ping")
    discord.passes(seconds=4)
    wait_until(lambda: discord.journal.entries("POST", "/callback"), "the late answer")
    assert [entry.code for entry in discord.journal.entries("POST", "/callback")] == [10062]
    assert asked.kind is None


@pytest.mark.parametrize(
    ("taken", "code"),
    [(Permission.VIEW_CHANNEL, 50001), (Permission.SEND_MESSAGES, 50013)],
    ids=["view", "send"],
)
def test_a_bot_that_may_not_is_told_so(bot: Running, channel: Channel, taken: Permission, code: int) -> None:
    channel.takes_from_bot(taken)
    with pytest.raises(library.Forbidden) as refused:
        bot.do(bot.bot.get_partial_messageable(int(channel.id)).send("hello"))
    assert refused.value.code == code


def test_a_channel_or_message_that_is_gone_is_unknown(
    bot: Running, discord: DiscordServer, channel: Channel
) -> None:
    place = bot.bot.get_partial_messageable(int(channel.id))
    with pytest.raises(library.NotFound) as unknown:
        bot.do(place.get_partial_message(1).edit(content="x"))
    assert unknown.value.code == 10008
    discord.deletes(channel)
    with pytest.raises(library.NotFound) as unknown:
        bot.do(place.send("x"))
    assert unknown.value.code == 10003
