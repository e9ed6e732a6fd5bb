"""The feed of a bucket's changes, as server-sent events.

Jobs write to buckets directly, so the folder is compared with what it was, each time someone looks.
"""

import asyncio
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from bot.localhub import bucket_files
from bot.localhub.accounts import TheHub
from bot.localhub.bucket_contents import API, ReadableBucket
from bot.localhub.bucket_records import Bucket, folder_of
from bot.localhub.errors import HubError
from bot.localhub.state import Hub

router = APIRouter()
KEPT = 1000
"""Batches of changes that a reader who was away can still get."""
POLL = 0.3
KEEP_ALIVE = 15.0
SESSION = 600.0
"""Seconds after which a reader is asked to connect anew."""
Changes = list[dict[str, object]]
Seen = dict[str, tuple[int, int]]


class Feed:
    """What happened in one bucket since somebody first followed it. `number` counts the batches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = secrets.token_hex(4)
        self.number = 0
        self._batches: deque[tuple[int, Changes]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._seen = bucket_files.snapshot(folder)

    @property
    def cursor(self) -> str:
        return f"{self.id}-{self.number}"

    def look(self) -> None:
        with self._lock:
            now = bucket_files.snapshot(self.folder)
            if changes := self._changes(now):
                self.number += 1
                self._batches.append((self.number, changes))
            self._seen = now

    def _changes(self, now: Seen) -> Changes:
        changes: Changes = [{"path": path, "op": "delete"} for path in self._seen if path not in now]
        for path, status in now.items():
            if self._seen.get(path) != status and (entry := bucket_files.entry_at(self.folder, path)):
                changes.append({**entry, "op": "update" if path in self._seen else "add"})
        return changes

    def after(self, number: int) -> list[tuple[int, Changes]]:
        with self._lock:
            return [batch for batch in self._batches if batch[0] > number]

    def position(self, cursor: str) -> int | None:
        """The number in a cursor of this feed; None if what followed it is no longer kept."""
        feed, _, number = cursor.partition("-")
        if not number.isdecimal() or len(number) > 18:
            raise HubError(400, "The cursor is none that this feed gave out")
        if feed != self.id or int(number) > self.number or int(number) < self.number - len(self._batches):
            return None
        return int(number)

    def since(self, moment: datetime) -> Changes:
        """All files that came at this moment or later, as if they had just been added."""
        entries = bucket_files.listing(self.folder, "", recursive=True)
        return [
            {**entry, "op": "add"}
            for entry in entries
            if datetime.fromisoformat(str(entry["uploadedAt"])) >= moment
        ]


@router.get(API + "/events")
async def events(
    request: Request,
    hub: TheHub,
    bucket: ReadableBucket,
    cursor: str | None = None,
    since: Annotated[datetime | None, Query()] = None,
) -> StreamingResponse:
    if since is not None and since.tzinfo is None:
        raise HubError(400, "`since` needs a time zone, such as 2026-01-01T00:00:00Z")
    feed = await anyio.to_thread.run_sync(_feed, request, hub, bucket)
    start = feed.number if cursor is None else feed.position(cursor)
    headers = {"Cache-Control": "no-cache"}
    stream = _reset() if start is None else _follow(request, feed, start, since if cursor is None else None)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _feed(request: Request, hub: Hub, bucket: Bucket) -> Feed:
    feeds: dict[str, Feed] = vars(request.app.state).setdefault("bucket_feeds", {})
    with hub.lock:
        feed = feeds.get(bucket.bucket_id_hex)
    if feed is None:
        feed = feeds.setdefault(bucket.bucket_id_hex, Feed(folder_of(hub, bucket)))
    feed.folder = folder_of(hub, bucket)  # the bucket may have moved
    feed.look()
    return feed


async def _reset() -> AsyncIterator[str]:
    yield _event("reset", {"reason": "The cursor is too old"})


async def _follow(request: Request, feed: Feed, start: int, since: datetime | None) -> AsyncIterator[str]:
    """What was missed, then `ready`, then what comes."""
    if since is not None and (missed := await anyio.to_thread.run_sync(feed.since, since)):
        yield _event("changes", {"cursor": feed.cursor, "changes": missed})
    position, is_ready = start, False
    began = spoke = time.monotonic()
    while time.monotonic() - began < SESSION:
        for position, changes in feed.after(position):  # noqa: B020 - it goes on from the last one sent
            yield _event("changes", {"cursor": f"{feed.id}-{position}", "changes": changes})
            spoke = time.monotonic()
        if not is_ready:
            yield _event("ready", {"cursor": f"{feed.id}-{position}"})
            is_ready = True
        if time.monotonic() - spoke > KEEP_ALIVE:
            yield ": keep-alive\n\n"
            spoke = time.monotonic()
        await asyncio.sleep(POLL)
        await anyio.to_thread.run_sync(feed.look)
    yield _event("reconnect", {"cursor": f"{feed.id}-{position}"})


def _event(name: str, payload: dict[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n"
