"""A read-only Hub on loopback that serves folders as model repos to the libraries' own clients, unchanged."""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import JsonValue

from worker.twin.repo import TwinRepo, holds_weights

CHUNK = 1024 * 1024
LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True)
class Read:
    """Bytes of a file that somebody was given."""

    repo: str
    path: str
    size: int
    agent: str


class TwinHub:
    """Serves the repos between `start` and `stop`, and remembers who read what."""

    def __init__(self, repos: Sequence[TwinRepo]) -> None:
        self.repos = {repo.id: repo for repo in repos}
        self.reads: list[Read] = []
        self.unknown: set[str] = set()
        """Ids that were asked for and are not served here."""
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def weights_read(self, model_id: str) -> int:
        """Bytes of this model's weights that were given out."""
        reads = [read for read in self.reads if read.repo == model_id and holds_weights(read.path)]
        return sum(read.size for read in reads)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that hangs up is not our trouble, and a trace is not for the Job's log."""


class _Refusal(Exception):
    """An answer that is an error, in the Hub's words."""

    def __init__(self, status: int, code: str, message: str, revision: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.revision = revision


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: TwinHub

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the hub keeps what matters in `reads`."""

    def do_GET(self) -> None:
        try:
            self._answer()
        except _Refusal as refusal:
            self._refuse(refusal)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def _answer(self) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        repo, rest = self._repo(address.path)
        match rest:
            case ["resolve", revision, *path]:
                self._known(repo, revision)
                self._send_file(repo, "/".join(path))
            case [] | ["revision", _]:
                self._known(repo, rest[1] if rest else "main")
                self._send_json(repo.info())
            case ["tree", revision, *path]:
                self._known(repo, revision)
                recursive = query.get("recursive", [""])[0].lower() in {"true", "1"}
                tree = repo.tree("/".join(path), recursive)
                if tree is None:
                    raise _no_entry(repo, "/".join(path))
                self._send_json(tree)
            case ["paths-info", revision]:
                self._known(repo, revision)
                paths = set(self._paths_asked_for())
                self._send_json([repo.entry(path, file) for path, file in repo.files() if path in paths])
            case _:
                raise _Refusal(404, "NotFound", f"{self.path} is not served here")

    def _repo(self, path: str) -> tuple[TwinRepo, list[str]]:
        """The repo that a path names, and the rest of the path in its parts."""
        if path == "/api/whoami-v2":
            raise _Refusal(401, "Unauthorized", "Invalid credentials")
        named = re.sub(r"^/(api/models/)?", "", path)
        for repo in self.hub.repos.values():
            if named == repo.id or named.startswith(f"{repo.id}/"):
                rest = named[len(repo.id) + 1 :]
                return repo, [unquote(part) for part in rest.split("/")] if rest else []
        self.hub.unknown.add("/".join(named.split("/")[:2]))
        raise _Refusal(404, "RepoNotFound", "Repository not found")

    def _known(self, repo: TwinRepo, revision: str) -> None:
        if not repo.knows(revision):
            raise _Refusal(404, "RevisionNotFound", f"Invalid rev id: {revision}")

    def _paths_asked_for(self) -> list[str]:
        size = min(int(self.headers.get("content-length") or 0), LARGEST_BODY)
        body = self.rfile.read(size)
        if "json" in self.headers.get("content-type", ""):
            return [str(path) for path in json.loads(body).get("paths", [])]
        return parse_qs(body.decode()).get("paths", [])

    def _send_file(self, repo: TwinRepo, path: str) -> None:
        file = repo.find(path)
        if file is None:
            raise _no_entry(repo, path)
        size = file.stat().st_size
        first, last, status = self._range(size)
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        etag = f'"{repo.sha256(file)}"'
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", etag)
        self.send_header("X-Linked-Etag", etag)
        self.send_header("X-Linked-Size", str(size))
        self.send_header("X-Repo-Commit", repo.revision)
        self.end_headers()
        if self.command == "GET":
            self._copy(repo, path, file, first, last - first + 1)

    def _range(self, size: int) -> tuple[int, int, int]:
        """First and last byte, and the status to answer with."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range") or "")
        if asked is None or int(asked[1]) >= size:
            return 0, size - 1, 200
        return int(asked[1]), min(int(asked[2] or size), size - 1), 206

    def _copy(self, repo: TwinRepo, path: str, file: Path, first: int, length: int) -> None:
        with file.open("rb") as opened:
            opened.seek(first)
            left = length
            while left > 0 and (chunk := opened.read(min(CHUNK, left))):
                self.wfile.write(chunk)
                left -= len(chunk)
        agent = self.headers.get("user-agent", "")[:200]
        self.hub.reads.append(Read(repo.id, path, length - left, agent))

    def _send_json(self, value: JsonValue) -> None:
        self._send(200, value, {})

    def _refuse(self, refusal: _Refusal) -> None:
        headers = {"X-Error-Code": refusal.code, "X-Error-Message": str(refusal)}
        if refusal.revision:
            headers["X-Repo-Commit"] = refusal.revision
        self._send(refusal.status, {"error": str(refusal)}, headers)

    def _send(self, status: int, value: JsonValue, headers: dict[str, str]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, said in headers.items():
            self.send_header(name, said.encode("latin-1", "replace").decode("latin-1"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _no_entry(repo: TwinRepo, path: str) -> _Refusal:
    return _Refusal(404, "EntryNotFound", f"Entry not found: {path!r}", repo.revision)


def _handler_of(hub: TwinHub) -> type[_Handler]:
    return type("Handler", (_Handler,), {"hub": hub})
