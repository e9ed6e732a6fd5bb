"""Buckets per route and major parameter, a global limit, and refusals on a switch.

https://docs.discord.com/developers/topics/rate-limits. Discord does not publish its limits; these are what it
is seen to use. `limits` may be changed by a test.
"""

import hashlib
import math
import threading
import time
from dataclasses import dataclass
from fnmatch import fnmatch

from tests.harness.discord.errors import Refusal

USUAL = (50, 1.0)
"""Requests, and the seconds they are counted in."""
GLOBAL = (50, 1.0)
MAJOR = ("channel_id", "guild_id", "application_id", "interaction_token")


@dataclass
class Bucket:
    resets_at: float
    used: int = 0


@dataclass
class Ordered:
    """A 429 that a test has asked for."""

    route: str
    retry_after: float
    everywhere: bool
    times: int


class RateLimits:
    def __init__(self) -> None:
        self.limits: dict[str, tuple[int, float]] = {
            "POST /channels/{channel_id}/messages": (5, 5.0),
            "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
            "POST /webhooks/{application_id}/{interaction_token}": (5, 2.0),
            "PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}": (5, 2.0),
        }
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._ordered: list[Ordered] = []
        self._everywhere_until = 0.0

    def refuses(self, route: str, *, retry_after: float, times: int = 1, everywhere: bool = False) -> None:
        """The next requests of this route ("POST /channels/*/messages") get 429; `everywhere` means all do
        until `retry_after` seconds have passed."""
        with self._lock:
            self._ordered.append(Ordered(route, retry_after, everywhere, times))

    def take(
        self, method: str, path: str, template: str, ids: dict[str, str], *, counts: bool
    ) -> dict[str, str]:
        """The headers for this request; raises the 429 when there is nothing left.

        `counts` is whether it counts towards the global limit: requests with the bot's token do.
        """
        with self._lock:
            self._meet_orders(f"{method} {path}")
            if counts:
                self._take_global()
            route = f"{method} {template}"
            limit, window = self.limits.get(route, USUAL)
            bucket = self._bucket((route, *(ids[name] for name in MAJOR if name in ids)), window)
            headers = _headers(route, limit, bucket)
            if bucket.used > limit:
                raise _too_many(bucket.resets_at - time.time(), headers, "user")
            return headers

    def _meet_orders(self, request: str) -> None:
        left = self._everywhere_until - time.time()
        if left > 0:
            raise _too_many(left, {"X-RateLimit-Global": "true"}, "global")
        for order in self._ordered:
            if order.times > 0 and fnmatch(request, order.route):
                order.times -= 1
                if order.everywhere:
                    self._everywhere_until = time.time() + order.retry_after
                    raise _too_many(order.retry_after, {"X-RateLimit-Global": "true"}, "global")
                raise _too_many(order.retry_after, {}, "shared")

    def _take_global(self) -> None:
        limit, window = GLOBAL
        bucket = self._bucket(("global",), window)
        if bucket.used > limit:
            raise _too_many(bucket.resets_at - time.time(), {"X-RateLimit-Global": "true"}, "global")

    def _bucket(self, key: tuple[str, ...], window: float) -> Bucket:
        now, bucket = time.time(), self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            bucket = self._buckets[key] = Bucket(now + window)
        bucket.used += 1
        return bucket


def _headers(route: str, limit: int, bucket: Bucket) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(0, limit - bucket.used)),
        "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
        "X-RateLimit-Reset-After": f"{max(0.0, bucket.resets_at - time.time()):.3f}",
        "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
    }


def _too_many(seconds: float, headers: dict[str, str], scope: str) -> Refusal:
    after = max(0.001, round(seconds, 3))
    body = {"message": "You are being rate limited.", "retry_after": after, "global": scope == "global"}
    more = {"Retry-After": str(math.ceil(after)), "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    return Refusal(429, body, headers=headers | more)
