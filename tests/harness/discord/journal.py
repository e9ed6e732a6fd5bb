"""Every request to the stand-in, in order and without a token in it."""

import threading
from dataclasses import dataclass
from typing import Any

from tests.harness.discord.clock import Clock


@dataclass(frozen=True)
class Entry:
    """`route` is the template, so that tokens in paths don't appear; `code` is Discord's of a refusal.

    `status` is 0 when the connection was dropped. `body` is the JSON that was sent, where it holds no secret.
    """

    at: float
    method: str
    route: str
    ids: dict[str, str]
    who: str
    status: int
    code: int | None
    body: Any = None


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: list[Entry] = []

    def note(
        self, method: str, route: str, ids: dict[str, str], who: str, status: int, code: int | None, body: Any
    ) -> None:
        kept = {name: value for name, value in ids.items() if "token" not in name}
        entry = Entry(self._clock.now(), method, route, kept, who, status, code, body)
        with self._lock:
            self._entries.append(entry)

    def entries(self, method: str | None = None, route_ends: str = "") -> list[Entry]:
        """Oldest first: all, or those of this method whose route ends so."""
        with self._lock:
            kept = list(self._entries)
        return [each for each in kept if method in {None, each.method} and each.route.endswith(route_ends)]

    def refused(self) -> list[Entry]:
        """What counts towards Discord's ban for invalid requests: 401, 403 and 429."""
        return [each for each in self.entries() if each.status in {401, 403, 429}]
