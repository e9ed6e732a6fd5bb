"""The scripted model's wire: answers in one piece or as a stream, refusals, stalls, hanging up."""

import json
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.harness.scripted_model import catalogue
from tests.harness.scripted_model.steps import Asked, Behaviour, HangUp, Refuse, Say, Stall

CHARACTERS_PER_TOKEN = 4
PIECE = 200
"""Characters of a stream's piece."""


class ScriptedModel:
    """Serves for the length of a `with` block and keeps what it was asked."""

    def __init__(self, behaviour: Behaviour, models: Iterable[dict[str, Any]] = catalogue.USUAL) -> None:
        self.behaviour = behaviour
        self.models = list(models)
        self.asked: list[Asked] = []
        self.headers: list[dict[str, str]] = []
        self.leaving = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leaving.set()
        self._server.shutdown()
        self._server.server_close()

    def note(self, body: dict[str, Any], headers: dict[str, str]) -> Asked:
        with self._lock:
            asked = Asked(len(self.asked), body)
            self.asked.append(asked)
            self.headers.append(headers)
        return asked


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: ScriptedModel

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test keeps what was asked."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            return self._json(200, {"object": "list", "data": self.model.models})
        return self._json(404, {"error": "Not found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = self.model.note(body, {name.lower(): value for name, value in self.headers.items()})
        try:
            self._play(asked)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _play(self, asked: Asked) -> None:
        match self.model.behaviour(asked):
            case Say() as say if asked.body.get("stream"):
                self._stream(asked, say)
            case Say() as say:
                self._json(200, _whole(asked, say))
            case Refuse(status, message, headers):
                self._json(status, {"error": message}, headers)
            case Stall(silent):
                if not silent:
                    self._begin()
                    self._event(_piece({"role": "assistant", "content": "Let me"}))
                self.model.leaving.wait(60)
                self.close_connection = True
            case HangUp():
                self._begin()
                self._event(_piece({"role": "assistant", "content": "Let me"}))
                self.close_connection = True

    def _stream(self, asked: Asked, say: Say) -> None:
        self._begin()
        for delta in _deltas(say):
            self._event(_piece(delta))
            time.sleep(say.pause)
        self._event(_piece({}, _reason(say)))
        if say.says_usage:
            self._event({**_piece({}), "choices": [], "usage": _usage(asked, say)})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("x-inference-provider", "scripted")
        self.end_headers()

    def _event(self, event: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _piece(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}


def _deltas(say: Say) -> Iterable[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for start in range(0, len(say.text), PIECE):
        yield {"content": say.text[start : start + PIECE]}
    for number, call in enumerate(say.calls):
        about = {"index": number, "id": f"call_{number}_{time.monotonic_ns()}", "type": "function"}
        yield {"tool_calls": [{**about, "function": {"name": call.name, "arguments": ""}}]}
        for start in range(0, len(call.text), PIECE):
            part = call.text[start : start + PIECE]
            yield {"tool_calls": [{"index": number, "function": {"arguments": part}}]}


def _whole(asked: Asked, say: Say) -> dict[str, Any]:
    message = {"role": "assistant", "content": say.text}
    choice = {"index": 0, "message": message, "finish_reason": _reason(say)}
    return {"id": "chatcmpl-scripted", "choices": [choice], "usage": _usage(asked, say)}


def _reason(say: Say) -> str:
    return "length" if say.cut else "tool_calls" if say.calls else "stop"


def _usage(asked: Asked, say: Say) -> dict[str, int]:
    written = len(say.text) + sum(len(call.text) for call in say.calls)
    told = (len(json.dumps(asked.body)) // CHARACTERS_PER_TOKEN, written // CHARACTERS_PER_TOKEN + 1)
    tokens_in, tokens_out = say.tokens or told
    tokens_out = min(tokens_out, asked.body.get("max_tokens", tokens_out))
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
