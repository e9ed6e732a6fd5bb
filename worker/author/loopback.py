"""A Starlette app on a free port of loopback, for the length of a `with` block.

uvicorn and starlette serve it, which the worker has anyway: a hostile client needs an HTTP parser that is
well kept. Nothing is logged: it would be the agent's to write.
"""

import asyncio
import socket
import threading
import time
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request

START_SECONDS = 10.0
MOST_AT_ONCE = 16
"""Connections. The agent needs one, and each may hold a whole request in memory."""


class Loopback:
    """`beside` is entered and left in the server's own event loop."""

    def __init__(
        self, app: Starlette, name: str, beside: AbstractAsyncContextManager[object] | None = None
    ) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._beside = beside
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="critical",
                access_log=False,
                lifespan="off",
                http="h11",  # it bounds a request's head by itself
                limit_concurrency=MOST_AT_ONCE,
            )
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(START_SECONDS)
        self._socket.close()

    async def _serve(self) -> None:
        async with self._beside or nullcontext():
            await self._server.serve([self._socket])


async def whole_body(request: Request, largest: int) -> bytes:
    """The body of a request. Raises ValueError where it is larger, as soon as that is seen."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise ValueError(f"a request may have {largest // 1024} kB")
    return body
