"""POST /webhooks/hub and /webhooks/watch/…: check the secret, read the body, keep it, answer 2xx at once.

Plain ASGI, in front of the framework, because this is what strangers can call often: no form, no model of the
framework, no request or response object. `make bench` measures it.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from bot.domain.events import Event, Ignored
from bot.hub.payloads import UnreadablePayload
from bot.log import fields

log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
TOO_LARGE = f"The body is larger than {BODY_LIMIT // 1024} KiB."
OUR_FAULT = "It has been noted. Please try again in a minute."


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
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("request failed", extra=fields(path=scope["path"]))
            answer = _no(500, OUR_FAULT)
        body = json.dumps(answer.said).encode()
        length = (b"content-length", b"%d" % len(body))
        more = [(b"allow", b"POST")] if answer.status == 405 else []
        headers = [(b"content-type", b"application/json"), length, *more]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if answer.key:
            self._taken(answer.key)

    async def _answer(self, scope: Scope, receive: Receive) -> _Answer:
        whose = scope["path"].rpartition("/")[2]
        if refusal := self._refusal(scope, whose):
            return refusal
        body = await _body(receive, BODY_LIMIT)
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

    def _refusal(self, scope: Scope, whose: str) -> _Answer | None:
        """Before anything of the body is read."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if scope["method"] != "POST":
            return _no(405, "This address takes webhooks, by POST.")
        if _is_more(headers.get(b"content-length", b"").decode("latin-1"), BODY_LIMIT):
            return _no(413, TOO_LARGE)
        if not self._is_secret(headers.get(b"x-webhook-secret", b"").decode("latin-1"), whose):
            return _no(401, "The X-Webhook-Secret header is missing or wrong.")
        return None


def is_one_of(secrets: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether a secret is one of these, several during a rotation; in the same time for every wrong one."""
    valid = [secret.encode() for secret in secrets]

    def is_secret(given: str, _whose: str) -> bool:
        matches = [hmac.compare_digest(secret, given.encode()) for secret in valid]
        return any(matches)

    return is_secret


def declares_more(request: Request, limit: int) -> bool:
    """Whether a body larger than that is announced."""
    return _is_more(request.headers.get("content-length", ""), limit)


async def bounded_body(request: Request, limit: int = BODY_LIMIT) -> bytes | None:
    """The body, or None as soon as it is known to be too large. Raises ClientDisconnect."""
    return None if declares_more(request, limit) else await _body(request.receive, limit)


async def _body(receive: Receive, limit: int) -> bytes | None:
    body, is_more = b"", True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        is_more = message.get("more_body", False)
    return body


def _is_more(declared: str, limit: int) -> bool:
    """Python reads no number of thousands of digits."""
    return declared.isdecimal() and (len(declared) > 15 or int(declared) > limit)


def _no(status: int, sentence: str) -> _Answer:
    return _Answer(status, {"error": sentence})
