"""Logs of Jobs and Spaces: bounded files of timestamped lines, and the event streams that clients follow."""

import asyncio
import json
import os
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from fastapi.responses import StreamingResponse

from bot.localhub.state import now

LIMIT = 8 * 1024 * 1024
"""Bytes a log may grow to before its older part is dropped; at most twice this is on disk."""
POLL = 0.1
KEEP_ALIVE = 30.0


class Log:
    """Lines of a Job or a Space, one JSON object each: `data` (the text) and `timestamp`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.older = file.with_name(file.name + ".older")
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)

    def write(self, text: str) -> None:
        line = json.dumps({"data": text, "timestamp": now()}) + "\n"
        with self._lock:
            with self.file.open("a") as stream:
                stream.write(line)
                full = stream.tell() > LIMIT
            if full:
                self.file.replace(self.older)

    def clear(self) -> None:
        with self._lock:
            self.older.unlink(missing_ok=True)
            self.file.unlink(missing_ok=True)

    def texts(self) -> list[str]:
        """All that is kept, oldest first."""
        with closing(Reader(self)) as reader:
            return [json.loads(line)["data"] for line in reader.rest()]


class Reader:
    """Reads a log from its oldest line on, and goes on where it stopped when more is written."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._stream: IO[str] | None = None
        self._part = ""

    def batch(self) -> list[str]:
        """The next whole lines, each a JSON object; empty if there is nothing new now."""
        lines = self._read()
        if not lines and self._moved_on():
            lines = self._read()
        return lines

    def rest(self) -> Iterator[str]:
        while lines := self.batch():
            yield from lines

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def _read(self) -> list[str]:
        if self._stream is None:
            return []
        while piece := self._stream.read(64 * 1024):
            *whole, self._part = (self._part + piece).split("\n")
            if whole:
                return whole
        return []

    def _moved_on(self) -> bool:
        """Open the file that follows the one just read to its end, if there is one."""
        files = [self._log.older, self._log.file] if self._stream is None else [self._log.file]
        for file in files:
            try:
                stream = file.open()
            except FileNotFoundError:
                continue
            if self._stream is not None and os.path.sameopenfile(stream.fileno(), self._stream.fileno()):
                stream.close()
                return False
            self.close()
            self._stream, self._part = stream, ""
            return True
        return False


def event_stream(log: Log, finished: Callable[[], bool], *, tail: int | None = None) -> StreamingResponse:
    """The log as server-sent events: what there is (or its last `tail` lines), then what comes."""
    headers = {"Cache-Control": "no-cache"}
    return StreamingResponse(_events(log, finished, tail), media_type="text/event-stream", headers=headers)


async def _events(log: Log, finished: Callable[[], bool], tail: int | None) -> AsyncIterator[str]:
    with closing(Reader(log)) as reader:
        if tail is not None:
            yield _as_events(deque(reader.rest(), tail))
        spoke = time.monotonic()
        while True:
            over = finished()  # asked before the last look, so that nothing written until then is missed
            if lines := reader.batch():
                yield _as_events(lines)
                spoke = time.monotonic()
            elif over:
                return
            else:
                await asyncio.sleep(POLL)
            if time.monotonic() - spoke > KEEP_ALIVE:
                yield ": keep-alive\n\n"
                spoke = time.monotonic()


def _as_events(lines: Iterable[str]) -> str:
    return "".join(f"data: {line}\n\n" for line in lines)
