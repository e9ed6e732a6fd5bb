"""What Discord sends over HTTP: signed with Ed25519 over the time and the raw body."""

import json
import re
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.web.webhooks import bounded_body

OLDEST = 300.0
TIME = re.compile(r"^[0-9]{1,12}(\.[0-9]{1,9})?$")


class SignedByDiscord:
    """An address that Discord alone can use. `public_key` is hex."""

    def __init__(self, public_key: str, clock: Callable[[], float]) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def reply(self, payload: dict[str, Any]) -> Response:
        """What is answered. ValueError for what this address does not take."""
        raise NotImplementedError

    async def _respond(self, request: Request) -> Response:
        if request.method != "POST":
            return _no(405, "This address takes what Discord sends, by POST.")
        body = await bounded_body(request)
        if body is None:
            return _no(413, "The body is too large.")
        time = request.headers.get("x-signature-timestamp", "")
        if not self._is_signed(time, body, request.headers.get("x-signature-ed25519", "")):
            return _no(401, "The signature is missing, wrong or too old.")
        try:
            return await self.reply(_read(body))
        except ValueError:
            return _no(400, "The body is nothing that I know.")

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
