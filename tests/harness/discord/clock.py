"""Discord's time, which a test can move, and the ids that are made of it."""

import threading
import time
from datetime import UTC, datetime

DISCORD_EPOCH = 1_420_070_400_000
"""Milliseconds: the first second of 2015."""


class Clock:
    """Seconds since 1970, ahead of the machine's by what a test has let pass."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._count = 0
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.time() + self._ahead

    def passes(self, seconds: float) -> None:
        self._ahead += seconds

    def snowflake(self) -> str:
        """A new id: 42 bits of milliseconds, then a counter, so that ids sort by age."""
        with self._lock:
            self._count = (self._count + 1) % 2**22
            return str((int(self.now() * 1000) - DISCORD_EPOCH) << 22 | self._count)


def iso(seconds: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
