"""The one place where switches that concern routes take effect: between the server and the routes."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.localhub import plans
from bot.localhub.accounts import hub_of
from bot.localhub.errors import HubError, answer_error
from bot.localhub.identity import Identity, Kind, identity_of
from bot.localhub.misbehaviour import Position, Setting, Switch, board_of, fits

ANY = ("* /**",)
DISCUSSIONS = "/api/*/*/*/discussions"
SECONDS = 1.0
PIECES = 10


@dataclass(frozen=True)
class Refusal:
    """What a switch answers on its routes, to these kinds of callers, instead of what was asked for."""

    routes: tuple[str, ...]
    status: int
    message: str
    code: str | None = None
    whose: frozenset[Kind] = frozenset(Kind)


REFUSALS = {
    Switch.STATUS: Refusal(ANY, 503, "Service Unavailable"),
    Switch.RATE_LIMITED: Refusal(ANY, 429, "We had to rate limit you. Try again later"),
    Switch.OAUTH_REFUSED: Refusal(
        tuple(f"POST /api/spaces/*/*/{action}" for action in ("hardware", "restart", "sleeptime")),
        401,
        "Invalid username or password.",
        whose=frozenset({Kind.OAUTH}),
    ),
    Switch.TOKEN_REVOKED: Refusal(
        ANY,
        401,
        "Invalid credentials in Authorization header",
        whose=frozenset({Kind.OAUTH, Kind.TOKEN}),
    ),
    Switch.NO_CREDITS: Refusal(
        ("POST /api/jobs/*",),
        402,
        plans.NO_CREDITS,
    ),
    Switch.JOB_LOST: Refusal(("GET /api/jobs/*/*",), 404, "Job not found"),
    Switch.COMMENTS_REFUSED: Refusal(
        (f"POST {DISCUSSIONS}", f"POST {DISCUSSIONS}/*/comment"),
        403,
        "You are not allowed to comment here",
    ),
    Switch.DISCUSSION_LOCKED: Refusal((f"POST {DISCUSSIONS}/*/comment",), 403, "This discussion is locked"),
}
STAGES = {
    Switch.SPACE_NO_APP_FILE: "NO_APP_FILE",
    Switch.SPACE_STALE_RUNNING: "RUNNING",
    Switch.SPACE_SLEEPING: "SLEEPING",
}
ROUTES = {
    **{switch: refusal.routes for switch, refusal in REFUSALS.items()},
    **dict.fromkeys(STAGES, ("GET /api/spaces/*/*/runtime", "GET /api/spaces/*/*")),
    **dict.fromkeys(
        (
            Switch.SLOW_ANSWER,
            Switch.SLOW_BODY,
            Switch.TRUNCATED_BODY,
            Switch.CLOSED_CONNECTION,
            Switch.REPO_RENAMED,
        ),
        ANY,
    ),
}
"""The switches of this layer, with the routes that they concern when none is given."""
OWN_BUSINESS = ("/__", "/static/", "/login", "/logout", "/settings", "/journal")
"""What never misbehaves, so that switches can always be set back."""


class Misbehaviour:
    """Does to requests what the switches say."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OWN_BUSINESS):
            return await self.app(scope, receive, send)
        met = _met(scope)
        if (slow := met.get(Switch.SLOW_ANSWER)) is not None:
            await asyncio.sleep(_seconds(slow))
        if Switch.CLOSED_CONNECTION in met:
            return await _hang_up(scope, receive)
        if (renamed := met.get(Switch.REPO_RENAMED)) is not None:
            return await _moved(scope, renamed)(scope, receive, send)
        for switch, refusal in REFUSALS.items():
            if switch in met:
                answer = await _refused(scope, refusal, met[switch])
                return await answer(scope, receive, send)
        return await self._answer(scope, receive, send, met)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, met: dict[Switch, Setting]) -> None:
        """Let the routes answer, and change the answer on its way out."""
        stage = next((word for switch, word in STAGES.items() if switch in met), None)
        if stage is not None:
            send = _Whole(send, lambda body: _with_stage(body, stage))
        if Switch.TRUNCATED_BODY in met:
            return await self._truncated(scope, receive, send)
        if (slow := met.get(Switch.SLOW_BODY)) is not None:
            send = _trickling(send, _seconds(slow))
        return await self.app(scope, receive, send)

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, _Half(send))
        await _hang_up(scope, receive)


def _met(scope: Scope) -> dict[Switch, Setting]:
    """The switches that this request meets. Those that are met less often come first to be counted."""
    board = board_of(hub_of(Request(scope)))
    met = {}
    for switch, position in board.positions().items():
        if switch in ROUTES and _concerns(switch, position, scope):
            setting = board.meets(switch, f"{scope['method']} {scope['path']}")
            if setting is not None:
                met[switch] = setting
    return met


def _concerns(switch: Switch, position: Position, scope: Scope) -> bool:
    setting, path = position.setting, scope["path"]
    routes = (setting.route,) if setting.route else ROUTES[switch]
    if not any(fits(route, scope["method"], path) for route in routes):
        return False
    if setting.key is not None and f"/{setting.key}/" not in f"{path}/":
        return False
    identity: Identity = identity_of(scope)
    if setting.user is not None and setting.user != identity.user:
        return False
    return switch not in REFUSALS or identity.kind in REFUSALS[switch].whose


def _seconds(setting: Setting) -> float:
    return SECONDS if setting.seconds is None else setting.seconds


async def _refused(scope: Scope, refusal: Refusal, setting: Setting) -> JSONResponse:
    headers = {}
    if refusal.status == 429:
        wait = 55 if setting.seconds is None else int(setting.seconds)
        headers = {
            "RateLimit": f'"api";r=0;t={wait}',
            "RateLimit-Policy": '"fixed window";"api";q=500;w=300',
        }
    status = setting.status or refusal.status
    error = HubError(status, refusal.message, code=refusal.code, headers=headers)
    return await answer_error(Request(scope), error)


def _moved(scope: Scope, setting: Setting) -> RedirectResponse:
    path = scope["raw_path"].decode("ascii").replace(f"/{setting.key}", f"/{setting.to}", 1)
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=307)


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection under the request, once what was sent is out."""
    server = scope["app"].state.server
    for connection in list(server.server_state.connections):
        if getattr(connection, "client", None) == tuple(scope["client"]):
            connection.transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _with_stage(body: bytes, stage: str) -> bytes:
    """The JSON of a Space, or of its runtime, with another stage."""
    told = json.loads(body)
    runtime = told.get("runtime", told)
    if "stage" in runtime:
        runtime["stage"] = stage
    return json.dumps(told).encode()


class _Whole:
    """Holds an answer back until it is whole, and sends it changed."""

    def __init__(self, send: Send, change: Callable[[bytes], bytes]) -> None:
        self._send, self._change = send, change
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._change(self._body) if self._start["status"] == 200 else self._body
        MutableHeaders(scope=self._start)["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


class _Half:
    """Sends half of the first piece of a body and then nothing more."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._has_sent = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
        elif body := message.get("body", b""):
            if not self._has_sent:
                await self._send(
                    {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
                )
            self._has_sent = True


def _trickling(send: Send, seconds: float) -> Send:
    async def send_slowly(message: Message) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            return await send(message)
        size = -(-len(body) // PIECES)
        for start in range(0, len(body), size):
            await asyncio.sleep(seconds / PIECES)
            is_last = start + size >= len(body)
            more = message.get("more_body", False) if is_last else True
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": more})
        return None

    return send_slowly
