"""The door that every request passes: no body is larger than it need be, and nobody knocks without end."""

import ipaddress

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain import messages_api
from bot.web.api.problems import problem_answer
from bot.web.webhooks import declares_more

LARGEST_BODY = 2 << 20
MACHINES = ("/webhooks/", "/static/", "/healthz", "/readyz")
"""Who asks here shows a secret of its own, or costs nothing: the Hub must never be turned away."""
API, REPORTS = "/api/", "/reports"
"""Workers report there with their run's own key; many may share an address."""
SIGN_IN = ("/signin", "/connect", "/c/", "/callback", "/discord/")
"""Each of these leads to a row, or asks somebody else."""


class Door:
    """Addresses are counted in memory, for a minute, and written down nowhere."""

    def __init__(self, app: ASGIApp, *, each_minute: int, api_each_minute: int) -> None:
        self._app = app
        self._api = RateLimitItemPerMinute(api_each_minute)
        self._pages = RateLimitItemPerMinute(each_minute)
        self._sign_ins = RateLimitItemPerMinute(max(1, each_minute // 10))
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if refusal := self._refusal(request):
            await refusal(scope, receive, send)
            return
        await self._app(scope, _bounded(receive), send)

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith(API):
            return self._refusal_of_api(path, request)
        if declares_more(request, LARGEST_BODY):
            return PlainTextResponse("The body is too large.", 413)
        if path.startswith(MACHINES):
            return None
        is_spent = not self._take(self._pages, "page", request) or (
            path.startswith(SIGN_IN) and not self._take(self._sign_ins, "sign-in", request)
        )
        if is_spent:
            words = "That was too much from your address. Please try again in a minute."
            return PlainTextResponse(words, 429, {"Retry-After": "60"})
        return None

    def _refusal_of_api(self, path: str, request: Request) -> Response | None:
        if declares_more(request, LARGEST_BODY):
            return problem_answer(413, "E_BODY", "The body is too large.")
        if path.endswith(REPORTS) or self._take(self._api, "api", request):
            return None
        return problem_answer(429, "E_RATE", messages_api.too_often(self._api.amount))

    def _take(self, limit: RateLimitItem, what: str, request: Request) -> bool:
        return self._limiter.hit(limit, what, address_of(request))


def address_of(request: Request) -> str:
    """Who asks. Behind a proxy it is the last one the proxy saw; what stands before may be made up."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if forwarded and not _is_global(peer) and _is_address(forwarded) else peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_global(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_global


def _bounded(receive: Receive) -> Receive:
    """What arrives, until it is too much."""
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY:
            raise HTTPException(413, "The body is too large.")
        return message

    return receive_some
