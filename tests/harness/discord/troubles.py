"""Bad days of Discord, on switches: errors of its own, slow answers, connections that break."""

import asyncio
import threading
from dataclasses import dataclass
from fnmatch import fnmatch
from http import HTTPStatus

from aiohttp import web

from tests.harness.discord.errors import plain

PIECES = 10


class Dropped(Exception):
    """The connection breaks before an answer; `done` says whether the request has had its effect."""


@dataclass
class Trouble:
    route: str
    times: int
    status: int = 0
    seconds: float = 0.0
    drop: str = ""
    pieces: float = 0.0


class Troubles:
    """Routes are patterns over method and path below the API's base: "POST /channels/*/messages", "*"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Trouble] = []

    def answers(self, status: int, *, route: str = "*", times: int = 1) -> None:
        """A refusal or a 5xx instead of what was asked for, which is not done."""
        self._add(Trouble(route, times, status=status))

    def delays(self, seconds: float, *, route: str = "*", times: int = 1) -> None:
        self._add(Trouble(route, times, seconds=seconds))

    def trickles(self, seconds: float, *, route: str = "*", times: int = 1) -> None:
        """The body of the answer comes in small pieces."""
        self._add(Trouble(route, times, pieces=seconds))

    def drops(self, *, route: str = "*", times: int = 1, done: bool = False) -> None:
        """Break the connection: before anything was done, or when it is `done` and the answer is lost."""
        self._add(Trouble(route, times, drop="after" if done else "before"))

    def truncates(self, *, route: str = "*", times: int = 1) -> None:
        """Break the connection in the middle of the answer."""
        self._add(Trouble(route, times, drop="halfway"))

    def are_over(self) -> bool:
        """Whether all that was set has been met as often."""
        with self._lock:
            return not any(each.times > 0 for each in self._waiting)

    def end(self) -> None:
        with self._lock:
            self._waiting.clear()

    async def meet(self, request: str) -> list[Trouble]:
        """Suffer what waits for this request; what is left of it for its answer."""
        met = self._taken(request)
        for trouble in met:
            await asyncio.sleep(trouble.seconds)
            if trouble.drop == "before":
                raise Dropped
            if trouble.status:
                raise plain(trouble.status, HTTPStatus(trouble.status).phrase)
        return [each for each in met if each.drop or each.pieces]

    def _add(self, trouble: Trouble) -> None:
        with self._lock:
            self._waiting.append(trouble)

    def _taken(self, request: str) -> list[Trouble]:
        with self._lock:
            met = [each for each in self._waiting if each.times > 0 and fnmatch(request, each.route)]
            for each in met:
                each.times -= 1
            return met


async def suffer(trouble: Trouble, request: web.Request, response: web.Response) -> web.StreamResponse:
    """The answer as it gets through. Raises Dropped where that is not all of it."""
    if trouble.drop == "after":
        raise Dropped
    body = response.body or b""
    assert isinstance(body, bytes)
    slow = web.StreamResponse(status=response.status, headers=response.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    if trouble.drop == "halfway":
        await slow.write(body[: len(body) // 2])
        raise Dropped
    size = max(1, -(-len(body) // PIECES))
    for start in range(0, len(body), size):
        await asyncio.sleep(trouble.pieces / PIECES)
        await slow.write(body[start : start + size])
    await slow.write_eof()
    return slow
