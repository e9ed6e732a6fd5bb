"""One socket of the gateway: hello, identify or resume, heartbeats, and events in order.

https://docs.discord.com/developers/events/gateway
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.harness.discord.compression import Pack, packer
from tests.harness.discord.gateway_sessions import KNOWN, PRIVILEGED, Intents, Session

if TYPE_CHECKING:
    from tests.harness.discord.state import State

LARGEST = 4096
SENDS_A_MINUTE = 120
GOODBYE = (1000, 1001)
"""Codes with which a client ends its session; after any other it may resume."""


class Closing(Exception):
    """The client did what it must not: its socket is closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Socket:
    def __init__(self, state: State, request: web.Request) -> None:
        self.state, self.request = state, request
        self.gateway = state.gateway
        self.ws = web.WebSocketResponse(compress=False, autoping=True)
        self.session: Session | None = None
        self._pack: Pack = lambda text: text
        self._position = 0
        self._last_beat = 0.0
        self._received: deque[float] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> web.WebSocketResponse:
        await self.ws.prepare(self.request)
        self.gateway.sockets.add(self)
        try:
            self._negotiate()
            await self._send({"op": 10, "d": {"heartbeat_interval": int(self.gateway.heartbeat * 1000)}})
            self._last_beat = time.monotonic()
            self._start(self._watch_heartbeat())
            await self._listen()
        except Closing as closing:
            await self._close(closing.code, closing.reason)
        finally:
            self.gateway.sockets.discard(self)
            if self.session and self.ws.close_code in GOODBYE:
                self.session.valid = False
            for task in self._tasks:
                task.cancel()
        return self.ws

    def abort(self) -> None:
        """Break the connection as a network does."""
        self.gateway.sockets.discard(self)
        if self.request.transport:
            self.request.transport.abort()

    def send_soon(self, payload: dict[str, Any]) -> None:
        self._start(self._send(payload))

    def close_soon(self, code: int) -> None:
        self._start(self._close(code, ""))

    def _negotiate(self) -> None:
        asked = dict(self.request.query)
        if asked.get("v") != "10":
            raise Closing(4012, "Invalid API version")
        if asked.get("encoding") != "json" or set(asked) - {"v", "encoding", "compress"}:
            raise Closing(4002, "The stand-in speaks JSON only")
        pack = packer(asked.get("compress"))
        if pack is None:
            raise Closing(4002, "Unknown compression")
        self._pack = pack
        self.gateway.counts.compressions.append(asked.get("compress"))

    async def _listen(self) -> None:
        async for message in self.ws:
            if message.type is not WSMsgType.TEXT or len(message.data) > LARGEST:
                raise Closing(4002, "Error while decoding payload.")
            self._count()
            try:
                payload = json.loads(message.data)
                op, data = payload["op"], payload.get("d")
            except (ValueError, KeyError, TypeError):
                raise Closing(4002, "Error while decoding payload.") from None
            await self._take(op, data)

    def _count(self) -> None:
        now = time.monotonic()
        self._received.append(now)
        while self._received[0] < now - 60:
            self._received.popleft()
        if len(self._received) > SENDS_A_MINUTE:
            raise Closing(4008, "You are being rate limited.")

    async def _take(self, op: int, data: Any) -> None:
        match op:
            case 1:
                await self._beat(data)
            case 2:
                await self._identify(data)
            case 6:
                await self._resume(data)
            case 3 | 4 | 8:
                if self.session is None:
                    raise Closing(4003, "Not authenticated.")
                if op == 8 and not data.get("user_ids") and Intents.GUILD_MEMBERS not in self.session.intents:
                    raise Closing(4014, "Disallowed intent(s).")
            case _:
                raise Closing(4001, "Unknown opcode.")

    async def _beat(self, sequence: object) -> None:
        if sequence is not None and not isinstance(sequence, int):
            raise Closing(4002, "Error while decoding payload.")
        self._last_beat = time.monotonic()
        self.gateway.counts.heartbeats += 1
        if self.gateway.acknowledges_heartbeats:
            await self._send({"op": 11, "d": None})

    async def _identify(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise Closing(4005, "Already authenticated.")
        self._check_token(data)
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN:
            raise Closing(4013, "Invalid intent(s).")
        if Intents(intents) & PRIVILEGED:
            raise Closing(4014, "Disallowed intent(s).")
        if set(data.get("properties") or {}) != {"os", "browser", "device"}:
            raise Closing(4002, "Error while decoding payload.")
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Closing(4010, "Invalid shard.")
        self.gateway.counts.identified += 1
        self._begin(Session(Intents(intents), (number, count)))

    def _begin(self, session: Session) -> None:
        self.gateway.sessions[session.id] = session
        guilds = [guild for guild in self.state.guilds.values() if guild.bot_is_member]
        mine = [guild for guild in guilds if session.wants("GUILD_CREATE", guild.id)]
        session.add("READY", self._ready(session, [guild.id for guild in mine]))
        for guild in mine:
            session.add("GUILD_CREATE", self.gateway.guild_json(guild))
        self._follow(session, 0)

    def _ready(self, session: Session, guilds: list[str]) -> dict[str, Any]:
        me = {"verified": True, "mfa_enabled": True, "flags": 0, "email": None}
        return {
            "v": 10,
            "user": self.state.bot.json() | me,
            "guilds": [{"id": each, "unavailable": True} for each in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{self.request.host}/gateway",
            "shard": list(session.shard),
            "application": {"id": self.state.application_id, "flags": 0},
            "user_settings": {},
            "relationships": [],
            "private_channels": [],
            "presences": [],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "auth": {},
            "session_type": "normal",
            "_trace": ["the stand-in"],
        }

    async def _resume(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise Closing(4005, "Already authenticated.")
        self._check_token(data)
        session = self.gateway.sessions.get(data.get("session_id", ""))
        sequence = data.get("seq")
        if session is None or not session.valid:
            return await self._send({"op": 9, "d": False})
        if not isinstance(sequence, int) or not 0 <= sequence <= len(session.events):
            raise Closing(4007, "Invalid seq.")
        self.gateway.counts.resumed += 1
        for other in [each for each in self.gateway.sockets if each.session is session]:
            other.abort()
        session.add("RESUMED", {"_trace": ["the stand-in"]})
        return self._follow(session, sequence)

    def _check_token(self, data: dict[str, Any]) -> None:
        if not hmac.compare_digest(str(data.get("token")).encode(), self.state.token.encode()):
            raise Closing(4004, "Authentication failed.")

    def _follow(self, session: Session, position: int) -> None:
        self.session, self._position = session, position
        self._start(self._send_events(session))

    async def _send_events(self, session: Session) -> None:
        while True:
            session.news.clear()
            while self._position < len(session.events):
                event = session.events[self._position]
                self._position += 1
                await self._send(event)
            await session.news.wait()

    async def _watch_heartbeat(self) -> None:
        allowed = self.gateway.heartbeat * 1.5
        while time.monotonic() - self._last_beat < allowed:
            await asyncio.sleep(self.gateway.heartbeat / 10)
        if self.session:
            self.session.valid = False
        await self._close(4009, "Session timed out.")

    async def _send(self, payload: dict[str, Any]) -> None:
        if self.ws.closed:
            return
        packed = self._pack(json.dumps({"t": None, "s": None} | payload))
        # One frame is written before anything is awaited, so that the stream keeps its order.
        await (self.ws.send_bytes(packed) if isinstance(packed, bytes) else self.ws.send_str(packed))

    async def _close(self, code: int, reason: str) -> None:
        self.gateway.counts.closed.append(code)
        await self.ws.close(code=code, message=reason.encode())

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(_look_at_result)


def _look_at_result(task: asyncio.Task[None]) -> None:
    """A socket that broke while something was sent is its client's to notice."""
    if not task.cancelled() and isinstance(error := task.exception(), Exception):
        assert isinstance(error, ConnectionError), error
