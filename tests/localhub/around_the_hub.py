"""Around a local Hub: the people of its tests, an app they let in, and someone who receives its webhooks."""

import json
import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.harness.local_hub import LocalHub

REDIRECT_URI = "http://127.0.0.1:9/callback"
ARGUMENTS = [
    *("--user", "alice=hf_alice_token", "--user", "bob=hf_bob_token"),
    *("--org", "acme=alice"),
    *("--oauth-app", f"demo={REDIRECT_URI}"),
    *("--image-variable", "BROUGHT=by the image"),
    "--no-zoo",
]


@dataclass
class OAuthPerson:
    """A person with a browser who lets the app `demo` have tokens."""

    hub: LocalHub
    name: str

    def __post_init__(self) -> None:
        self.browser = self.hub.browser()
        self.app = self.hub.ready["oauth"]["demo"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def question(self, **asked: str) -> httpx2.Response:
        """What the browser shows after following the app's link, signing in on the way."""
        query = {
            "client_id": self.app["client_id"],
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            **asked,
        }
        answer = self.browser.get("/oauth/authorize", params=query)
        if answer.headers.get("location", "").startswith("/login"):
            page = self.browser.get(answer.headers["location"])
            following = {"username": self.name, "next": hidden_fields(page.text)["next"]}
            answer = self.browser.post("/login", data=following)
            answer = self.browser.get(answer.headers["location"])
        return answer

    def decides(self, page: httpx2.Response, decision: str) -> dict[str, str]:
        """Press a button of the consent page; returns what goes back to the app."""
        answer = self.browser.post(
            "/oauth/authorize", data={**hidden_fields(page.text), "decision": decision}
        )
        return sent_back(answer)

    def allows(self, **asked: str) -> str:
        """Go the whole way; returns the code."""
        page = self.question(**asked)
        back = sent_back(page) if page.is_redirect else self.decides(page, "allow")
        return back["code"]

    def redeem(self, **form: str) -> httpx2.Response:
        basic = (self.app["client_id"], self.app["client_secret"])
        return self.browser.post("/oauth/token", data=form, auth=basic)

    def token(self, scope: str) -> str:
        code = self.allows(scope=scope)
        answer = self.redeem(grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI)
        return str(answer.json()["access_token"])


def hidden_fields(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value.replace("&amp;", "&") for name, value in found}


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    """The query with which the browser was sent back to the app."""
    location = answer.headers["location"]
    assert location.startswith(REDIRECT_URI), location
    return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}


@dataclass
class Receiver:
    """The far end of webhooks. Answers with `statuses` in turn, then with 200."""

    url: str
    received: "queue.Queue[tuple[dict[str, str], dict[str, Any]]]" = field(default_factory=queue.Queue)
    statuses: list[int] = field(default_factory=list)

    def next(self) -> dict[str, Any]:
        return self.received.get(timeout=20)[1]

    def next_with_headers(self) -> tuple[dict[str, str], dict[str, Any]]:
        return self.received.get(timeout=20)


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = hears.statuses.pop(0) if hears.statuses else 200
            self.send_response(status)
            if status in {301, 302, 307}:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            headers = {name.lower(): value for name, value in self.headers.items()}
            hears.received.put(({**headers, "path": self.path}, body))

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hears = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hears
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
