"""T23: a request whose head never ends costs a connection, and nothing else."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from bot.web.bounded_heads import HEAD_LIMIT, BoundedHeads
from tests.harness.waiting import wait_until

LONG = b"x" * (8 * HEAD_LIMIT)


async def how_long(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body."""
    body, is_more = b"", scope["type"] == "http"
    while is_more:
        message = await receive()
        body, is_more = body + message.get("body", b""), message.get("more_body", False)
    said = str(len(body)).encode()
    headers = [(b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(how_long, http=BoundedHeads, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    wait_until(lambda: server.started, "the server")
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def sent(port: int, *pieces: bytes) -> bytes:
    """What is answered before the connection ends, or the answer is whole."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            return connection.recv(1 << 16)
        except (BrokenPipeError, ConnectionResetError):
            return b""


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + LONG,
        b"GET / HTTP/1.1\r\nhost: x\r\na: " + LONG,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * len(LONG),
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5;" + LONG,
    ],
    ids=["address", "one header", "headers", "a chunk's extension"],
)
def test_t23_a_head_without_end_is_cut_off(port: int, endless: bytes) -> None:
    answer = sent(port, endless)

    assert not answer or b" 400 " in answer
    assert b" 200 " in sent(port, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"), "others are answered"


def test_t23_a_long_body_is_no_head(port: int) -> None:
    head = f"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {len(LONG)}\r\n\r\n".encode()

    assert sent(port, head, LONG).endswith(str(len(LONG)).encode())
