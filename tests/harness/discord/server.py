"""The stand-in on a thread of its own, and what a test does with it that no person could."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TypeVar

from aiohttp import web

from tests.harness.discord.application_routes import ApplicationRoutes
from tests.harness.discord.channel_routes import ChannelRoutes
from tests.harness.discord.command_routes import CommandRoutes
from tests.harness.discord.consent_routes import ConsentRoutes
from tests.harness.discord.doors import Doors
from tests.harness.discord.endpoint import Endpoint
from tests.harness.discord.gateway import Gateway
from tests.harness.discord.interaction_routes import InteractionRoutes
from tests.harness.discord.journal import Journal
from tests.harness.discord.oauth_routes import OAuthRoutes
from tests.harness.discord.people import Person
from tests.harness.discord.places import GROUP, TEXT, Channel, Guild, User
from tests.harness.discord.rate_limits import RateLimits
from tests.harness.discord.state import State
from tests.harness.discord.troubles import Troubles
from tests.harness.discord.webhook_events import WebhookEvents
from tests.harness.waiting import wait_until

T = TypeVar("T")
ROUTES = (ApplicationRoutes, CommandRoutes, ChannelRoutes, InteractionRoutes, OAuthRoutes, ConsentRoutes)


class DiscordServer:
    """Discord on loopback. Use as a context manager, or `start` and `stop`.

    `redirects` are the OAuth redirect URIs of the developer portal; `heartbeat` is the gateway's, in seconds.
    """

    def __init__(self, *, redirects: tuple[str, ...] = (), heartbeat: float = 41.25, port: int = 0) -> None:
        self.state = State()
        self.state.oauth.redirects.extend(redirects)
        self.state.gateway.heartbeat = heartbeat
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="discord")

    def start(self) -> DiscordServer:
        self._thread.start()
        assert self._started.wait(10), "the stand-in for Discord did not start"
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the stand-in for Discord did not stop"

    def __enter__(self) -> DiscordServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def api(self) -> str:
        """What `DISCORD_API` is set to."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def token(self) -> str:
        return self.state.token

    @property
    def application_id(self) -> str:
        return self.state.application_id

    @property
    def client_secret(self) -> str:
        return self.state.client_secret

    @property
    def public_key(self) -> str:
        """Hex of the key that checks signatures at the interactions endpoint."""
        return self.state.endpoint.signer.public_key

    @property
    def gateway(self) -> Gateway:
        return self.state.gateway

    @property
    def endpoint(self) -> Endpoint:
        return self.state.endpoint

    @property
    def webhook_events(self) -> WebhookEvents:
        return self.state.webhook_events

    @property
    def rate_limits(self) -> RateLimits:
        return self.state.rate_limits

    @property
    def troubles(self) -> Troubles:
        return self.state.troubles

    @property
    def journal(self) -> Journal:
        return self.state.journal

    def person(self, name: str, *, nickname: str | None = None, locale: str = "en-US") -> Person:
        """Somebody with an account, who is in every guild there is. A name is one person's."""
        assert name not in {user.name for user in self.state.users.values()}, f"{name} exists"
        user = User(self.state.clock.snowflake(), name, nickname or name)

        def arrive() -> Person:
            self.state.users[user.id] = user
            for guild in self.state.guilds.values():
                guild.members.append(user)
            return Person(self, user, locale)

        return self.do(arrive)

    def guild(self, name: str, *, bot: bool = True, people: tuple[Person, ...] | None = None) -> Guild:
        """A guild with a channel "general": with the bot, of these people or of all."""
        members = [user for user in self.state.users.values() if not user.bot]
        members = members if people is None else [person.user for person in people]
        owner = User(self.state.clock.snowflake(), f"owner-of-{name}", "the owner")
        bots = [self.state.bot] if bot else []
        guild = Guild(self.state.clock.snowflake(), name, owner, bot, members=[*members, *bots])

        def arrive() -> Guild:
            self.state.guilds[guild.id] = guild
            self._add_channel(guild, "general")
            if bot:
                self.state.gateway.dispatch("GUILD_CREATE", self.state.gateway.guild_json(guild), guild=guild)
            return guild

        return self.do(arrive)

    def channel(self, guild: Guild, name: str) -> Channel:
        """A further text channel."""

        def arrive() -> Channel:
            channel = self._add_channel(guild, name)
            self.state.gateway.dispatch("CHANNEL_CREATE", channel.json(), guild=guild)
            return channel

        return self.do(arrive)

    def group(self, *people: Person) -> Channel:
        """A group of people, where no bot can be a member."""
        users = [person.user for person in people]
        channel = Channel(self.state.clock.snowflake(), "a group", GROUP, recipients=users)
        self.state.channels[channel.id] = channel
        return channel

    def deletes(self, channel: Channel) -> None:
        """From now on it is unknown: 10003."""

        def delete() -> None:
            channel.gone = True
            if channel.guild and channel.guild.bot_is_member:
                self.state.gateway.dispatch("CHANNEL_DELETE", channel.json(), guild=channel.guild)

        self.do(delete)

    def removes_bot(self, guild: Guild) -> None:
        """An administrator kicks the bot."""

        def remove() -> None:
            gone = {"id": guild.id, "unavailable": False}
            self.state.gateway.dispatch("GUILD_DELETE", gone, guild=guild)
            guild.bot_is_member = False
            guild.members.remove(self.state.bot)

        self.do(remove)

    def resets_token(self) -> str:
        """A new token for the bot; the old one is refused from now on."""
        self.state.new_token()
        return self.state.token

    def passes(self, *, minutes: float = 0, **more: float) -> None:
        """Let time pass for Discord: interactions time out, tokens expire."""
        self.state.clock.passes(timedelta(minutes=minutes, **more).total_seconds())

    def connects(self, seconds: float = 60) -> None:
        """Wait until the bot is at the gateway."""
        wait_until(lambda: self.state.gateway.connected, "the bot at the gateway", seconds)

    def disconnects(self, seconds: float = 60) -> None:
        """Wait until nobody is at the gateway: a bot that starts later does not hear what is asked now."""
        wait_until(lambda: not self.state.gateway.sockets, "an empty gateway", seconds)

    def do(self, act: Callable[[], T]) -> T:
        """Do something where everything else happens, so that nothing is seen half-done."""

        async def acted() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(acted(), self._loop).result(10)

    def _add_channel(self, guild: Guild, name: str) -> Channel:
        channel = Channel(self.state.clock.snowflake(), name, TEXT, guild)
        guild.channels.append(channel)
        self.state.channels[channel.id] = channel
        return channel

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        self.state.gateway.loop = self.state.endpoint.loop = asyncio.get_running_loop()
        app = web.Application(middlewares=[Doors(self.state).middleware()], client_max_size=30 * 2**20)
        for routes in ROUTES:
            app.add_routes(routes(self.state).routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._end.wait()
        for socket in list(self.state.gateway.sockets):
            socket.abort()
        await runner.cleanup()
