"""How much each caller may ask within a window, counted and told with every answer as the real Hub does.

Limits are generous by default; `--rate-limit api=500` makes them those of a stranger on the real Hub.
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.localhub.errors import HubError, answer_error
from bot.localhub.identity import identity_of

WINDOW = 300
"""Seconds."""


class Bucket(StrEnum):
    """What is counted together. Of `whoami` the headers say `api`, as on the real Hub."""

    API = "api"
    RESOLVERS = "resolvers"
    PAGES = "pages"
    WHOAMI = "whoami"


GENEROUS: Mapping[Bucket, int] = {
    Bucket.API: 100_000,
    Bucket.RESOLVERS: 500_000,
    Bucket.PAGES: 100_000,
    Bucket.WHOAMI: 20_000,
}


class Limits:
    """Counts requests per caller and bucket in windows that begin for everyone at the same time."""

    def __init__(self, quotas: Mapping[Bucket, int]) -> None:
        self.quotas = {**GENEROUS, **quotas}
        self._lock = threading.Lock()
        self._window = 0
        self._used: Counter[tuple[str, Bucket]] = Counter()

    def take(self, who: str, bucket: Bucket) -> tuple[int, int]:
        """Count one request; how many are left (-1: it was too many), and for how many seconds more."""
        seconds = time.time()
        with self._lock:
            if int(seconds // WINDOW) != self._window:
                self._window = int(seconds // WINDOW)
                self._used.clear()
            self._used[who, bucket] += 1
            left = self.quotas[bucket] - self._used[who, bucket]
        return max(-1, left), WINDOW - int(seconds % WINDOW)


class RateLimits:
    """Refuses what is too much with 429, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/static/", "/__")):
            return await self.app(scope, receive, send)
        bucket = _bucket_of(scope["path"])
        left, wait = self.limits.take(_who(scope), bucket)
        headers = self._headers(bucket, left, wait)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in headers.items():
                    found.setdefault(name, value)
            await send(message)

        if left >= 0:
            return await self.app(scope, receive, send_with_headers)
        refusal = HubError(429, f"We had to rate limit you. Try again in {wait} seconds")
        answer = await answer_error(Request(scope), refusal)
        return await answer(scope, receive, send_with_headers)

    def _headers(self, bucket: Bucket, left: int, wait: int) -> dict[str, str]:
        name = Bucket.API if bucket is Bucket.WHOAMI else bucket
        return {
            "RateLimit": f'"{name}";r={max(0, left)};t={wait}',
            "RateLimit-Policy": f'"fixed window";"{name}";q={self.limits.quotas[bucket]};w={WINDOW}',
        }


def _bucket_of(path: str) -> Bucket:
    if path == "/api/whoami-v2":
        return Bucket.WHOAMI
    if path.startswith(("/api/", "/oauth/")):
        return Bucket.API
    return Bucket.RESOLVERS if "/resolve/" in path else Bucket.PAGES


def _who(scope: Scope) -> str:
    """Who is counted: the person whatever their tokens, or a stranger's address."""
    client = scope.get("client")
    return identity_of(scope).user_id or (client[0] if client else "")
