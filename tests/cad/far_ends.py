"""Servers at the other end of the CAD app: a backend, a language model, a storage, as a test wants them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


Answer = Callable[[Call], tuple[int, bytes]]


@dataclass
class FarEnd:
    url: str
    calls: list[Call] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    """While it is not set, nobody gets an answer."""


@contextmanager
def far_end(answer: Answer) -> Iterator[FarEnd]:
    """A server on loopback that answers each call with a status and a body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._reply("POST")

        def do_GET(self) -> None:
            self._reply("GET")

        def _reply(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            call = Call(
                method, self.path, {name.lower(): value for name, value in self.headers.items()}, body
            )
            end.calls.append(call)
            end.open.wait(60)
            status, said = answer(call)
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                pass  # whoever called has not waited

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    end = FarEnd(f"http://127.0.0.1:{server.server_port}")
    end.open.set()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield end
    finally:
        end.open.set()
        server.shutdown()
        thread.join()
        server.server_close()


def model_says(*contents: str) -> Answer:
    """A language model that says these one after the other, and the last one from then on."""
    left = list(contents)

    def answer(_call: Call) -> tuple[int, bytes]:
        said = left.pop(0) if len(left) > 1 else left[0]
        return 200, json.dumps({"choices": [{"message": {"content": said}}]}).encode()

    return answer
