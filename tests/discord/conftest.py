"""Fixtures only: Discord, a bot that is there, and two people in a guild."""

from collections.abc import Callable, Iterator

import pytest

from tests.discord.plain_client import Plain
from tests.discord.small_bot import Running
from tests.harness.discord import Channel, DiscordServer, Person


@pytest.fixture
def discord() -> Iterator[DiscordServer]:
    with DiscordServer() as server:
        server.guild("workshop")
        yield server


@pytest.fixture
def channel(discord: DiscordServer) -> Channel:
    return next(iter(discord.state.guilds.values())).channels[0]


@pytest.fixture
def ada(discord: DiscordServer) -> Person:
    return discord.person("ada", locale="fr")


@pytest.fixture
def bob(discord: DiscordServer) -> Person:
    return discord.person("bob", nickname="@everyone")


@pytest.fixture
def starts(discord: DiscordServer) -> Iterator[Callable[[], Running]]:
    """Starts a bot, as often as it is called."""
    running: list[Running] = []

    def start() -> Running:
        running.append(Running(discord.api, discord.token))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def bot(starts: Callable[[], Running], discord: DiscordServer) -> Running:
    started = starts()
    discord.connects()
    return started


@pytest.fixture
def plain(discord: DiscordServer) -> Iterator[Plain]:
    client = Plain(discord)
    yield client
    client.client.close()
