"""The picture of a Space: taken without its owner's token, of this one address, and never worth a run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.chromium import find_chromium
from tests.harness.local_hub import LocalHub, people
from worker.build import Build
from worker.contract import BuildSpec
from worker.hub import Hub
from worker.journal import Journal
from worker.redact import Redactor
from worker.screenshot import NAME, PNG, photographed, picture
from worker.space import Space
from worker.waiting import Running

SPACE = "alice/pictured"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    hub = LocalHub(tmp_path_factory.mktemp("hub") / "hub", people("alice")).start()
    hub.api("alice").create_repo(SPACE, repo_type="space", space_sdk="static", private=True)
    yield hub
    hub.stop()


@contextmanager
def a_page(html: str = "") -> Iterator[tuple[str, list[str]]]:
    """An address that answers with this, and what it was asked for: the path and all that came with it."""
    asked: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers}")
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def a_build(hub: LocalHub, folder: Path, host: str) -> Build:
    spec = BuildSpec(run_id="r", model_id="a/b", revision="0" * 40, target_space=SPACE, is_pictured=True)
    build = Build(spec, Journal(folder, "r", None, Redactor()), hub.token("alice"))
    build.space = Space(id=SPACE, url=f"{hub.endpoint}/spaces/{SPACE}", hardware="cpu-basic")
    build.running = Running(host=host, hardware="cpu-basic")
    return build


def test_t27_the_browser_has_a_pass_into_the_space_and_no_token(hub: LocalHub, tmp_path: Path) -> None:
    with a_page("<button>Go</button>") as (host, asked):
        build = a_build(hub, tmp_path, host)
        picture(build, Hub(hub.token("alice"), hub.endpoint))

    assert build.is_pictured and (tmp_path / NAME).read_bytes().startswith(PNG)
    assert asked[0].startswith("/?__sign=eyJ")
    assert not [each for each in asked if hub.token("alice") in each or "uthorization" in each]
    said = "".join(file.read_text() for file in tmp_path.rglob("*.json*"))
    assert "__sign" not in said and "eyJ" not in said


def test_a_page_loads_nothing_from_anywhere_else() -> None:
    with a_page() as (elsewhere, asked):
        hostile = f"<p>Here</p><img src='{elsewhere}/a.png'><script>fetch('{elsewhere}/b')</script>"
        with a_page(hostile) as (host, _):
            assert photographed(f"{host}/", find_chromium()) is not None

    assert asked == []


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("the Hub gives no pass", "No picture of the Space: "),
        ("nobody answers", "the browser could not show it"),
        ("there is no browser", "has no Chromium with Playwright"),
    ],
)
def test_where_there_is_no_picture_a_note_says_so_and_the_run_goes_on(
    hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, said: str
) -> None:
    build = a_build(hub, tmp_path, "http://127.0.0.1:9")
    match trouble:
        case "the Hub gives no pass":
            hub.misbehaves("status", status=403, route="GET /api/spaces/*/*/jwt", user="alice")
        case "there is no browser":
            monkeypatch.setenv("PATH", str(tmp_path))
    try:
        picture(build, Hub(hub.token("alice"), hub.endpoint))
    finally:
        hub.behaves("status")

    assert said in (tmp_path / "events.jsonl").read_text()
    assert not build.is_pictured and not (tmp_path / NAME).exists()
