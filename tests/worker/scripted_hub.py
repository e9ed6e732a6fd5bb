"""A Hub that says what a test tells it to, in turn: for moments that a real one shows too seldom."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, object]


class ScriptedHub:
    """`says` queues answers for a call; the last one is repeated. Everything asked is kept in `asked`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.headers: dict[str, str] = {}
        self._answers: dict[str, list[Answer]] = {}

    def says(self, call: str, *answers: Answer) -> None:
        """`call` is method and path, such as `GET /api/spaces/a/b/runtime`."""
        self._answers[call] = list(answers)

    def answer(self, call: str, body: dict[str, Any]) -> Answer:
        self.asked.append((call, body))
        waiting = self._answers.get(call)
        if not waiting:
            return 404, {"error": f"not scripted: {call}"}
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def times(self, call: str) -> int:
        return sum(1 for asked, _ in self.asked if asked == call)


@contextmanager
def scripted_hub() -> Iterator[ScriptedHub]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def _answer(self, body: dict[str, Any]) -> None:
            status, said = hub.answer(f"{self.command} {self.path.partition('?')[0]}", body)
            content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            kind = "text/html" if isinstance(said, str) else "application/json"
            for name, value in {"Content-Type": kind, **hub.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub = ScriptedHub(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
