"""POST /webhooks/hub and /webhooks/watch/…: check the secret, read the body, keep it, answer 2xx at once.

A plain ASGI route, because this is the one that strangers can call often: no form, no model of the framework.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.domain.events import Event, Ignored
from bot.hub.payloads import UnreadablePayload
from bot.log import fields

log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024


class HubWebhook:
    """`is_secret` and `read` are told the last part of the address, which says whose webhook it is; `taken`
    is told of a kept delivery once the answer has left."""

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
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return _no(405, "This address takes webhooks, by POST.", {"Allow": "POST"})
        whose = request.url.path.rpartition("/")[2]
        if not self._is_secret(request.headers.get("x-webhook-secret", ""), whose):
            return _no(401, "The X-Webhook-Secret header is missing or wrong.")
        body = await bounded_body(request)
        if body is None:
            return _no(413, f"The body is larger than {BODY_LIMIT // 1024} KiB.")
        try:
            event = self._read(body, whose)
        except UnreadablePayload as error:
            return _no(400, f"The body is not a webhook's JSON ({error}).")
        return await self._keep(event)

    async def _keep(self, event: Event | Ignored) -> Response:
        if isinstance(event, Ignored):
            return JSONResponse({"ignored": event.reason}, 202)
        await self._take(event)
        log.info("delivery taken", extra=fields(delivery=event.key))
        dispatch = BackgroundTask(self._taken, event.key)
        return JSONResponse({"taken": event.key}, 202, background=dispatch)


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
    """The body, or None as soon as it is known to be too large."""
    if declares_more(request, limit):
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return body


def _no(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps({"error": sentence}), status, headers, media_type="application/json")
