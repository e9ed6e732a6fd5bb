"""The gateway as the rest of Discord sees it: who is connected, what goes to whom, and how it misbehaves.

A test calls the verbs (`drops`, `asks_to_reconnect`, ...) through `discord.gateway`, from its own thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.harness.discord.gateway_sessions import Intents, Session

if TYPE_CHECKING:
    from tests.harness.discord.gateway_socket import Socket
    from tests.harness.discord.places import Guild
    from tests.harness.discord.state import State


@dataclass
class Counts:
    """What clients have done, for tests to compare."""

    identified: int = 0
    resumed: int = 0
    heartbeats: int = 0
    compressions: list[str | None] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    """Codes with which the gateway has closed a socket."""


class Gateway:
    """`heartbeat` is the interval in seconds; a client that misses one and a half is closed."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.loop: asyncio.AbstractEventLoop | None = None
        self.heartbeat = 41.25
        self.acknowledges_heartbeats = True
        self.refuses_sockets = False
        self.counts = Counts()
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()

    @property
    def connected(self) -> bool:
        """A client has identified or resumed, and its socket is open."""
        return any(socket.session for socket in self.sockets)

    def dispatch(self, event: str, data: dict[str, Any], *, guild: Guild | None) -> None:
        """Into every session that wants it, whether its socket is open or not."""
        guild_id = guild.id if guild else None
        for session in self.sessions.values():
            if session.valid and session.wants(event, guild_id):
                session.add(event, _for_intents(data, event, session, self.state.bot.id))

    def guild_json(self, guild: Guild) -> dict[str, Any]:
        """A guild as GUILD_CREATE brings it. Without the intent the bot sees itself as only member."""
        bot = guild.member_json(self.state.bot)
        nothing: tuple[str, ...] = ("threads", "presences", "voice_states", "stage_instances")
        nothing += ("guild_scheduled_events", "soundboard_sounds")
        return {
            **guild.json(),
            **{name: [] for name in nothing},
            "joined_at": guild.joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [bot],
            "channels": [channel.json() for channel in guild.channels if not channel.gone],
        }

    def drops(self) -> None:
        """Every socket breaks, without a word."""
        self._each(lambda socket: socket.abort())

    def asks_to_reconnect(self) -> None:
        """Op 7: go away and come back."""
        self._each(lambda socket: socket.send_soon({"op": 7, "d": None}))

    def invalidates(self, *, resumable: bool = False) -> None:
        """Op 9: the session is over, unless it is `resumable`."""

        def end(socket: Socket) -> None:
            if socket.session and not resumable:
                socket.session.valid = False
            socket.send_soon({"op": 9, "d": resumable})

        self._each(end)

    def closes(self, code: int) -> None:
        self._each(lambda socket: socket.close_soon(code))

    def _each(self, act: Callable[[Socket], None]) -> None:
        assert self.loop, "the server was not started"
        assert self.connected, "nobody is connected to the gateway"

        async def act_on_all() -> None:
            for socket in list(self.sockets):
                act(socket)

        asyncio.run_coroutine_threadsafe(act_on_all(), self.loop).result(5)


def _for_intents(data: dict[str, Any], event: str, session: Session, bot_id: str) -> dict[str, Any]:
    """Words of others in a guild are blank for a bot that may not read them."""
    if event not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or Intents.MESSAGE_CONTENT in session.intents:
        return data
    named = any(user["id"] == bot_id for user in data["mentions"])
    if "guild_id" not in data or named or data["author"]["id"] == bot_id:
        return data
    return data | {"content": "", "embeds": [], "components": [], "attachments": []}
