"""Bad days of Discord, on switches: errors of its own, slow answers, connections that break."""

import asyncio
import threading
from dataclasses import dataclass
from fnmatch import fnmatch

from tests.harness.discord.errors import plain


class Dropped(Exception):
    """The connection breaks before an answer; `done` says whether the request has had its effect."""


@dataclass
class Trouble:
    route: str
    times: int
    status: int = 0
    seconds: float = 0.0
    drop: str = ""


class Troubles:
    """Routes are patterns over method and path below the API's base: "POST /channels/*/messages", "*"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Trouble] = []

    def answers(self, status: int, *, route: str = "*", times: int = 1) -> None:
        """A 5xx instead of what was asked for, which is not done."""
        self._add(Trouble(route, times, status=status))

    def delays(self, seconds: float, *, route: str = "*", times: int = 1) -> None:
        self._add(Trouble(route, times, seconds=seconds))

    def drops(self, *, route: str = "*", times: int = 1, done: bool = False) -> None:
        """Break the connection: before anything was done, or when it is `done` and the answer is lost."""
        self._add(Trouble(route, times, drop="after" if done else "before"))

    async def meet(self, request: str) -> bool:
        """Suffer what waits for this request. True if its answer shall be lost."""
        lost = False
        for trouble in self._taken(request):
            await asyncio.sleep(trouble.seconds)
            if trouble.drop == "before":
                raise Dropped
            if trouble.status:
                raise plain(trouble.status, "Internal Server Error")
            lost = lost or trouble.drop == "after"
        return lost

    def _add(self, trouble: Trouble) -> None:
        with self._lock:
            self._waiting.append(trouble)

    def _taken(self, request: str) -> list[Trouble]:
        with self._lock:
            met = [each for each in self._waiting if each.times > 0 and fnmatch(request, each.route)]
            for each in met:
                each.times -= 1
            return met
