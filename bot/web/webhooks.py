"""POST /webhooks/hub and /webhooks/watch/…: check the secret, read the body, keep it, answer 2xx at once.

Plain ASGI, in front of everything that pages need, because this is what strangers can call often: no form, no
model of the framework, no response object. `make bench` measures it.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.events import Event, Ignored
from bot.hub.payloads import UnreadablePayload

BODY_LIMIT = 256 * 1024
TOO_LARGE = f"The body is larger than {BODY_LIMIT // 1024} KiB."


@dataclass(frozen=True)
class _Answer:
    status: int
    said: Mapping[str, str]
    key: str | None = None
    """Of the delivery, if it was kept."""


class HubWebhook:
    """`is_secret` and `read` are told the last part of the address, which says whose webhook it is; `taken`
    is told of a kept delivery once the answer has left, and must not take long."""

    def __init__(
        self,
        is_secret: Callable[[str, str], bool],
        read: Callable[[bytes, str], Event | Ignored],
        take: Callable[[Event], Awaitable[None]],
        taken: Callable[[str], None],
    ) -> None:
        self._is_secret = is_secret
        self._read = read
        self._take = take
        self._taken = taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        body = json.dumps(answer.said).encode()
        length = (b"content-length", str(len(body)).encode())
        more = [(b"allow", b"POST")] if answer.status == 405 else []
        headers = [(b"content-type", b"application/json"), length, *more]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if answer.key:
            self._taken(answer.key)

    async def _answer(self, request: Request) -> _Answer:
        whose = request.scope["path"].rpartition("/")[2]
        if refusal := self._refusal(request, whose):
            return refusal
        body = await bounded_body(request)
        if body is None:
            return _no(413, TOO_LARGE)
        try:
            event = self._read(body, whose)
        except UnreadablePayload as error:
            return _no(400, f"The body is not a webhook's JSON ({error}).")
        if isinstance(event, Ignored):
            return _Answer(202, {"ignored": event.reason})
        await self._take(event)
        return _Answer(202, {"taken": event.key}, event.key)

    def _refusal(self, request: Request, whose: str) -> _Answer | None:
        """Before anything of the body is read."""
        if request.method != "POST":
            return _no(405, "This address takes webhooks, by POST.")
        if declares_more(request, BODY_LIMIT):
            return _no(413, TOO_LARGE)
        if not self._is_secret(request.headers.get("x-webhook-secret", ""), whose):
            return _no(401, "The X-Webhook-Secret header is missing or wrong.")
        return None


class FirstOfAll:
    """Leads a delivery past everything that only pages need. Whatever else the routes are asked goes the
    framework's road, which leads to them as well."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[Route]) -> None:
        self._app = app
        self._routes = tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self._routes if scope["type"] == "http" else ():
            if route.matches(scope)[0] is Match.FULL:
                await route.app(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_one_of(secrets: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether a secret is one of these, several during a rotation; in the same time for every wrong one."""
    valid = [secret.encode() for secret in secrets]

    def is_secret(given: str, _whose: str) -> bool:
        matches = [hmac.compare_digest(secret, given.encode()) for secret in valid]
        return any(matches)

    return is_secret


def declares_more(request: Request, limit: int) -> bool:
    """Whether a body larger than that is announced. Python reads no number of thousands of digits."""
    declared = request.headers.get("content-length", "")
    return declared.isdecimal() and (len(declared) > 15 or int(declared) > limit)


async def bounded_body(request: Request, limit: int = BODY_LIMIT) -> bytes | None:
    """The body, or None as soon as it is known to be too large. Raises ClientDisconnect."""
    if declares_more(request, limit):
        return None
    body, is_more = b"", True
    while is_more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        is_more = message.get("more_body", False)
    return body


def _no(status: int, sentence: str) -> _Answer:
    return _Answer(status, {"error": sentence})
