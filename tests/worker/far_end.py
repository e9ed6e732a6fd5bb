"""The bot as the worker knows it: something that takes report calls over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from worker.contract import Report, ReportCall


class FarEnd:
    """Answers with `statuses` in turn, then with 200; closed, it does not answer at all."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.statuses: list[int] = []
        self.calls: list[ReportCall] = []
        self.keys: set[str] = set()
        self.open = threading.Event()
        self.open.set()

    @property
    def events(self) -> list[int]:
        """The numbers of the events that arrived, in order of arrival."""
        return [event.seq for call in self.calls for event in call.events]

    @property
    def reports(self) -> list[Report]:
        return [call.report for call in self.calls if call.report]


@contextmanager
def far_end() -> Iterator[FarEnd]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            end.open.wait(30)
            status = end.statuses.pop(0) if end.statuses else 200
            if status == 200:
                end.calls.append(ReportCall.model_validate(json.loads(body)))
                end.keys.add(self.headers["authorization"])
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    end = FarEnd(f"http://127.0.0.1:{server.server_port}/reports")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield end
    finally:
        end.open.set()
        server.shutdown()
        server.server_close()
        thread.join()
