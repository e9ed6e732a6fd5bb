"""A journal of every request: who asked for what, how it was answered and how long it took. Never a token."""

import json
import threading
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.localhub.identity import identity_of
from bot.localhub.misbehaviour_routes import only_here
from bot.localhub.state import now

LENGTH = 20_000
"""Requests that are kept; older ones are forgotten."""
NOT_KEPT = ("/__", "/static/")


@dataclass(frozen=True)
class Entry:
    """One request. `route` is the template that answered it, None if none did; `status` 0 means no answer."""

    number: int
    at: str
    method: str
    route: str | None
    path: str
    status: int
    kind: str
    user: str | None
    user_id: str | None
    app: str | None
    milliseconds: float


class Journal:
    """The last requests in memory, and all of them in a file if one is given."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=LENGTH)
        self._last = 0
        self._file = file

    def note(self, scope: Scope, at: str, status: int, milliseconds: float) -> None:
        who, route = identity_of(scope), scope.get("route")
        with self._lock:
            self._last += 1
            entry = Entry(
                number=self._last,
                at=at,
                method=scope["method"],
                route=getattr(route, "path", None),
                path=scope["path"],
                status=status,
                kind=who.kind,
                user=who.user,
                user_id=who.user_id,
                app=who.app,
                milliseconds=round(milliseconds, 1),
            )
            self._entries.append(entry)
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(entry)) + "\n")

    @property
    def last(self) -> int:
        """The number of the latest request."""
        with self._lock:
            return self._last

    def since(self, number: int = 0, user: str | None = None) -> list[Entry]:
        """What came after that number, by this user (a name or an id) or by all; oldest first."""
        with self._lock:
            entries = list(self._entries)
        return [
            entry for entry in entries if entry.number > number and user in {None, entry.user, entry.user_id}
        ]


def by_route(entries: list[Entry]) -> dict[str, int]:
    """How often each route was called, the most called first."""
    counted = Counter(f"{entry.method} {entry.route or entry.path}" for entry in entries)
    return dict(counted.most_common())


class KeepsJournal:
    """Notes each request when its answer has ended."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self.app = app
        self.journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOT_KEPT):
            return await self.app(scope, receive, send)
        began, at, status = time.monotonic(), now(), 0

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        # Before the answer: afterwards a token may have been revoked, or a session ended.
        identity_of(scope)
        try:
            return await self.app(scope, receive, send_and_look)
        finally:
            self.journal.note(scope, at, status, (time.monotonic() - began) * 1000)


def journal_of(request: Request) -> Journal:
    journal = request.app.state.journal
    assert isinstance(journal, Journal)
    return journal


TheJournal = Annotated[Journal, Depends(journal_of)]
router = APIRouter(prefix="/__journal", dependencies=[Depends(only_here)], include_in_schema=False)


@router.get("")
def read(
    journal: TheJournal, since: Annotated[int, Query(ge=0)] = 0, user: str | None = None
) -> dict[str, object]:
    """`last` is what to give as `since` next time. A run's calls are those between two such numbers."""
    last, entries = journal.last, journal.since(since, user)
    return {
        "last": last,
        "count": len(entries),
        "by_route": by_route(entries),
        "requests": [asdict(entry) for entry in entries],
    }
