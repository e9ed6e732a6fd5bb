"""POST /webhooks/discord: interactions over HTTP, signed by Discord (Ed25519, time and raw body)."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.web.webhooks import bounded_body

log = logging.getLogger(__name__)

OLDEST = 300.0
TIME = re.compile(r"^[0-9]{1,12}(\.[0-9]{1,9})?$")
Answer = Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], str | None]]]


class DiscordInteractions:
    """`public_key` is hex; `answer` raises ValueError for what is no interaction; `taken` is told of a kept
    delivery once the answer has left."""

    def __init__(
        self, public_key: str, clock: Callable[[], float], answer: Answer, taken: Callable[[str], None]
    ) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self._clock = clock
        self._answer = answer
        self._taken = taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method != "POST":
            return _no(405, "This address takes interactions, by POST.")
        body = await bounded_body(request)
        if body is None:
            return _no(413, "The body is too large.")
        time = request.headers.get("x-signature-timestamp", "")
        if not self._is_signed(time, body, request.headers.get("x-signature-ed25519", "")):
            return _no(401, "The signature is missing, wrong or too old.")
        try:
            answer, key = await self._answer(_read(body))
        except ValueError:
            return _no(400, "The body is no interaction that I know.")
        return JSONResponse(answer, background=BackgroundTask(self._taken, key) if key else None)

    def _is_signed(self, time: str, body: bytes, signature: str) -> bool:
        if not TIME.match(time) or abs(self._clock() - float(time)) > OLDEST:
            return False
        try:
            self._key.verify(bytes.fromhex(signature), time.encode() + body)
        except (InvalidSignature, ValueError):
            return False
        return True


def _read(body: bytes) -> dict[str, Any]:
    payload = json.loads(body)
    if not isinstance(payload, dict):
        raise ValueError("no object")  # noqa: TRY004  # of what was sent, not of our code
    return payload


def _no(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
