"""The real discord.py at the gateway: connecting, falling out, coming back."""

from collections.abc import Callable

import discord as library
import pytest

from tests.discord.small_bot import Running
from tests.harness.discord import DiscordServer, Person
from tests.harness.waiting import wait_until


def test_a_bot_without_privileged_intents_becomes_ready_and_knows_its_guilds(
    bot: Running, discord: DiscordServer
) -> None:
    bot.becomes_ready()
    assert [guild.name for guild in bot.bot.guilds] == ["workshop"]
    assert [channel.name for channel in bot.bot.guilds[0].text_channels] == ["general"]
    assert discord.gateway.counts.compressions in (["zlib-stream"], ["zstd-stream"])


def test_a_wrong_token_is_a_failed_login(starts: Callable[[], Running], discord: DiscordServer) -> None:
    old = discord.token
    discord.resets_token()
    bot = Running(discord.api, old)
    assert isinstance(bot.fails(), library.LoginFailure)
    bot.stop()


def test_a_token_that_is_reset_while_connected_ends_the_connection(
    bot: Running, discord: DiscordServer
) -> None:
    discord.resets_token()
    discord.gateway.drops()
    ended = bot.fails()
    assert isinstance(ended, library.ConnectionClosed)
    assert ended.code == 4004


def test_a_privileged_intent_is_refused(discord: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.Intents, "default", library.Intents.all)
    bot = Running(discord.api, discord.token)
    assert isinstance(bot.fails(), library.PrivilegedIntentsRequired)
    bot.stop()


def test_what_happened_while_the_socket_was_broken_is_told_after_resuming(
    bot: Running, discord: DiscordServer, ada: Person
) -> None:
    bot.becomes_ready()
    discord.gateway.drops()
    asked = ada.slash("ping")
    assert asked.reply().content == "Pong in fr"
    bot.sees("resumed")
    assert (discord.gateway.counts.identified, discord.gateway.counts.resumed) == (1, 1)
    assert ada.slash("ping").reply().content == "Pong in fr"


def test_a_bot_that_is_asked_to_reconnect_resumes(bot: Running, discord: DiscordServer) -> None:
    bot.becomes_ready()
    discord.gateway.asks_to_reconnect()
    bot.sees("resumed")


def test_a_bot_whose_session_is_over_starts_a_new_one_at_the_same_gateway(
    bot: Running, discord: DiscordServer, ada: Person
) -> None:
    bot.becomes_ready()
    discord.gateway.invalidates()
    wait_until(lambda: discord.gateway.counts.identified == 2, "a second session", 20)
    discord.connects()
    assert ada.slash("ping").reply().content == "Pong in fr"


def test_heartbeats_keep_a_socket_open_and_silence_closes_it(
    starts: Callable[[], Running], discord: DiscordServer
) -> None:
    discord.gateway.heartbeat = 0.4
    bot = starts()
    discord.connects()
    wait_until(lambda: discord.gateway.counts.heartbeats > 3, "heartbeats")
    assert discord.gateway.counts.closed == []

    async def block_the_loop() -> None:
        import time

        time.sleep(1.5)

    bot.do(block_the_loop())
    wait_until(lambda: 4009 in discord.gateway.counts.closed, "the close of a silent socket")
    wait_until(lambda: discord.gateway.counts.identified == 2, "a new session")


def test_guilds_and_channels_that_come_and_go_are_told(bot: Running, discord: DiscordServer) -> None:
    bot.becomes_ready()
    other = discord.guild("other")
    channel = discord.channel(other, "builds")
    wait_until(lambda: bot.bot.get_channel(int(channel.id)), "the channel")
    discord.deletes(channel)
    wait_until(lambda: bot.bot.get_channel(int(channel.id)) is None, "the channel's end")
    discord.removes_bot(other)
    wait_until(lambda: len(bot.bot.guilds) == 1, "the guild's end")
