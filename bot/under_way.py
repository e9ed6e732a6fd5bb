"""What this process has to begin, each once, and how much it has in hand."""

import threading
import time
from collections.abc import Callable

LOST = 60.0
"""Seconds after which what still waits is begun once more: whoever had it may be gone."""


class UnderWay:
    """Counted and kept in memory only: what a crash takes is begun anew by the next start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self._waiting: dict[tuple[str, str], float] = {}
        """Each with the time since when."""
        self.in_hand = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def begin(self, kind: str, name: str, start: Callable[[], object]) -> None:
        """Start it, unless it waits for that already: what is begun later sees all that was so before."""
        with self._lock:
            if time.monotonic() - self._waiting.get((kind, name), float("-inf")) < LOST:
                return
            self._waiting[kind, name] = time.monotonic()
        try:
            start()
        except BaseException:
            with self._lock:
                self._waiting.pop((kind, name), None)
            raise

    def begun(self, kind: str, name: str) -> None:
        with self._lock:
            self._waiting.pop((kind, name), None)
            self.in_hand += 1

    def ended(self) -> None:
        with self._lock:
            self.in_hand -= 1
