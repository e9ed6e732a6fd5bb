"""The build and run logs of a Space, bounded, and the first real error line in a log."""

import re
import threading
import time
from collections import deque
from dataclasses import dataclass

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from worker.hub import Hub

FIRST_LINES = 300
LAST_LINES = 1500
LONGEST_LINE = 2000
PATIENCE = 8.0
"""Seconds for both logs together."""
SILENCE = 0.7

EXCEPTION = re.compile(r"^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Refused|NotFound)\b(?::.*)?$")
LOUD = re.compile(r"^(?:error|fatal|e:)\b[: ]", re.IGNORECASE)
ANYWHERE = re.compile(r"\b(?:error|killed|out of memory|no space left|exit code:? [1-9])\b", re.IGNORECASE)
HARMLESS = re.compile(
    r"pip's dependency resolver does not currently|\b0 errors?\b|errors?=0\b|ignoring error|warning",
    re.IGNORECASE,
)
DECORATION = re.compile(
    r"\x1b\[[0-9;]*m|^(?:--> |#\d+ (?:\d+\.\d+ )?|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\s+)"
)


@dataclass(frozen=True)
class Logs:
    build: str = ""
    run: str = ""

    def first_error(self, *, of_build: bool) -> str | None:
        """The line that explains a Space that broke; the log of the other stage may be an older one."""
        mine, other = (self.build, self.run) if of_build else (self.run, self.build)
        return first_error_line(mine) or first_error_line(other)


def read_logs(hub: Hub, space_id: str) -> Logs:
    """Both logs of a Space as far as they are written."""
    build, run = _Reading(hub, space_id, build=True), _Reading(hub, space_id, build=False)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not (build.is_read and run.is_read):
        time.sleep(0.05)
    return Logs(build=build.text(), run=run.text())


def first_error_line(log: str) -> str | None:
    """The first line that names a cause: an exception, else a line that starts with or has an error.

    Of a traceback that is the line at its end, and of chained tracebacks the first one's: the cause.
    """
    lines = [DECORATION.sub("", line.rstrip()).rstrip() for line in log.splitlines()]
    kept = [line for line in lines if line and not HARMLESS.search(line)]
    for pattern in (EXCEPTION, LOUD, ANYWHERE):
        found = next((line for line in kept if pattern.search(line)), None)
        if found:
            return found.strip()[:400]
    return None


class Lines:
    """The first and the last lines of a log, and how many were left out between."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._total = 0

    def add(self, line: str) -> None:
        self._total += 1
        text = line.rstrip("\r\n")[:LONGEST_LINE]
        (self._first if len(self._first) < FIRST_LINES else self._last).append(text)

    def text(self) -> str:
        left_out = self._total - len(self._first) - len(self._last)
        between = [f"… {left_out} lines left out …"] if left_out else []
        return "".join(f"{line}\n" for line in (*self._first, *between, *self._last))


class _Reading:
    """Reads one log in the background. The Hub leaves the stream of a running Space open, so a log counts as
    read once it has been silent for a moment."""

    def __init__(self, hub: Hub, space_id: str, *, build: bool) -> None:
        self._lock = threading.Lock()
        self._lines = Lines()
        self._last_line = 0.0
        self._over = False
        threading.Thread(target=self._read, args=(hub, space_id, build), daemon=True).start()

    @property
    def is_read(self) -> bool:
        with self._lock:
            silent = self._last_line and time.monotonic() - self._last_line > SILENCE
            return self._over or bool(silent)

    def text(self) -> str:
        with self._lock:
            return self._lines.text()

    def _read(self, hub: Hub, space_id: str, build: bool) -> None:
        try:
            for line in hub.api.fetch_space_logs(space_id, build=build):
                self._add(line)
        except (HfHubHTTPError, httpx2.TransportError) as error:
            self._add(f"The log could not be read: {type(error).__name__}")
        with self._lock:
            self._over = True

    def _add(self, line: str) -> None:
        with self._lock:
            self._lines.add(line)
            self._last_line = time.monotonic()
