"""What every request passes: who asks, rate limits, troubles, and the journal.

A route is closed to all but the bot unless it is named here.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.harness.discord.errors import Refusal, plain
from tests.harness.discord.oauth import Token
from tests.harness.discord.state import State
from tests.harness.discord.troubles import Dropped, suffer

BASE = "/api/v10"
OPEN = ("/gateway", "/interactions/", "/webhooks/", "/oauth2/token", "/oauth2/authorize")
"""Routes whose path or body carries the right to use them."""
CLOSED = ("/gateway/bot",)
FOR_PEOPLE = ("/users/@me", "/oauth2/@me")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Bot:
    pass


@dataclass(frozen=True)
class Bearer:
    token: Token


@dataclass(frozen=True)
class Anyone:
    pass


Who = Bot | Bearer | Anyone


def who_asks(state: State, request: web.Request) -> Who:
    """Refused with 401 if the one who asks is not who may."""
    path = request.path.removeprefix(BASE)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bot" and hmac.compare_digest(token.encode(), state.token.encode()):
        return Bot()
    if kind == "Bearer" and path in FOR_PEOPLE and (known := state.oauth.user_of(token)):
        return Bearer(known)
    if path.startswith(OPEN) and path not in CLOSED and kind not in {"Bot", "Bearer"}:
        return Anyone()
    raise plain(401, "Unauthorized")


class Doors:
    """The application's only middleware."""

    def __init__(self, state: State) -> None:
        self.state = state

    def middleware(self) -> Any:
        @web.middleware
        async def pass_doors(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(BASE):
                return await handler(request)
            return await self._pass(request, handler)

        return pass_doors

    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        who, status, code = "nobody", 0, None
        body = await _body(request)
        try:
            response = await self._answer(request, handler)
            who, status = _named(self.state, request), response.status
        except Refusal as refusal:
            status, code, response = refusal.status, refusal.code, refusal.response()
        except web.HTTPFound as moved:
            status = moved.status
            raise
        except web.HTTPException as wrong:
            status, response = wrong.status, plain(wrong.status, wrong.reason).response()
        except Dropped:
            assert request.transport
            request.transport.abort()
            return web.Response(status=500)
        finally:
            self.state.journal.note(
                request.method, _template(request), dict(request.match_info), who, status, code, body
            )
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path, template = request.path.removeprefix(BASE), _template(request)
        left = await self.state.troubles.meet(f"{request.method} {path}")
        if template == "-":
            return await handler(request)
        who = who_asks(self.state, request)
        ids, counts = dict(request.match_info), isinstance(who, Bot)
        headers = self.state.rate_limits.take(request.method, path, template, ids, counts=counts)
        try:
            response = await handler(request)
        except Refusal as refusal:
            refusal.headers = headers | refusal.headers
            raise
        response.headers.update(headers)
        for trouble in left:
            assert isinstance(response, web.Response)
            return await suffer(trouble, request, response)
        return response


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical.removeprefix(BASE) if resource else "-"


def _named(state: State, request: web.Request) -> str:
    match who_asks(state, request):
        case Bot():
            return "bot"
        case Bearer(token):
            return token.user.name
        case Anyone():
            return "anyone"


async def _body(request: web.Request) -> Any:
    """For the journal: JSON as it was sent. Forms hold secrets and files hold too much."""
    if request.content_type != "application/json" or not request.can_read_body:
        return None
    try:
        return await request.json()
    except ValueError:
        return None
