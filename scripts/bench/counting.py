"""A door to the Hub that counts what goes through. The Hub sees the door's address, and answers with it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from scripts.bench.small_world import free_port
from tests.harness.waiting import wait_until

OF_THE_HOP = frozenset({"connection", "content-encoding", "content-length", "transfer-encoding"})


class Door:
    """`hub` is set before anybody comes; `counts` is by method and path."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.hub = ""
        self.counts: Counter[str] = Counter()
        self._client = httpx2.AsyncClient(timeout=120, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        self.counts[f"{request.method} {request.url.path}"] += 1
        headers = {name: value for name, value in request.headers.items() if name not in OF_THE_HOP}
        url = f"{self.hub}{request.url.path}?{request.url.query}".rstrip("?")
        body = await request.body()
        there = await self._client.request(request.method, url, headers=headers, content=body)
        back = {name: value for name, value in there.headers.items() if name.lower() not in OF_THE_HOP}
        await Response(there.content, there.status_code, back)(scope, receive, send)


@contextmanager
def counting_door() -> Iterator[Door]:
    port = free_port()
    door = Door(port)
    config = uvicorn.Config(door, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, "the door", 60)
    try:
        yield door
    finally:
        server.should_exit = True
        thread.join()
