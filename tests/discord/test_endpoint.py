"""Interactions over signed HTTP: an endpoint is tried before it is used, and answers in its response."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.discord.plain_client import Plain
from tests.harness.discord import DiscordServer, Person
from tests.harness.discord.errors import Refusal

GO = {"name": "go", "description": "Go"}


class Application(ThreadingHTTPServer):
    """The least that Discord takes for an endpoint. `says` is its answer to a command; None answers 202."""

    def __init__(self, public_key: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self.checks = True
        self.told: list[Any] = []
        self.says: Any = {"type": 4, "data": {"content": "over HTTP"}}
        self.url = f"http://127.0.0.1:{self.server_port}/interactions"


class Handler(BaseHTTPRequestHandler):
    server: Application

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_signed(body):
            return self._answer(401, "invalid request signature")
        told = json.loads(body)
        if self.path == "/events":
            self.server.told.append(told.get("event"))
            return self._answer(204, None)
        if told["type"] == 1:
            return self._answer(200, {"type": 1})
        return self._answer(202 if self.server.says is None else 200, self.server.says)

    def _is_signed(self, body: bytes) -> bool:
        signed = self.headers["X-Signature-Timestamp"].encode() + body
        try:
            self.server.key.verify(bytes.fromhex(self.headers["X-Signature-Ed25519"]), signed)
        except InvalidSignature:
            return not self.server.checks
        return True

    def _answer(self, status: int, body: Any) -> None:
        sent = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def application(discord: DiscordServer) -> Iterator[Application]:
    server = Application(discord.public_key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def commands(plain: Plain) -> str:
    path = f"/applications/{plain.discord.application_id}/commands"
    plain.send("PUT", path, [GO])
    return path


def test_an_interaction_is_answered_in_the_response(
    discord: DiscordServer, application: Application, commands: str, ada: Person
) -> None:
    discord.endpoint.set_to(application.url)
    asked = ada.slash("go")
    assert asked.reply().content == "over HTTP"
    assert asked.milliseconds < 3000


def test_an_interaction_may_be_answered_by_callback(
    discord: DiscordServer, application: Application, commands: str, ada: Person, plain: Plain
) -> None:
    discord.endpoint.set_to(application.url)
    application.says = None
    asked = ada.slash("go")
    plain.send("POST", plain.callback(asked), {"type": 4, "data": {"content": "called back"}}, bare=True)
    assert asked.reply().content == "called back"


def test_a_wrong_answer_is_no_answer(
    discord: DiscordServer, application: Application, commands: str, ada: Person
) -> None:
    discord.endpoint.set_to(application.url)
    application.says = {"type": 4, "data": {"content": "x" * 2001}}
    with pytest.raises(AssertionError, match="BASE_TYPE_MAX_LENGTH"):
        ada.slash("go").reply()


def test_an_endpoint_that_does_not_check_signatures_is_not_taken(
    discord: DiscordServer, application: Application, plain: Plain
) -> None:
    application.checks = False
    with pytest.raises(Refusal, match="could not be verified"):
        discord.endpoint.set_to(application.url)
    body = {"interactions_endpoint_url": application.url}
    assert list(plain.faults("PATCH", "/applications/@me", body)) == ["interactions_endpoint_url"]
    assert discord.endpoint.url is None


def test_forged_tampered_and_old_requests_can_be_sent(
    discord: DiscordServer, application: Application
) -> None:
    discord.endpoint.set_to(application.url)
    ping = {"type": 1}
    assert discord.endpoint.sends(ping).body == {"type": 1}
    assert discord.endpoint.sends(ping, forged=True).status == 401
    assert discord.endpoint.sends(ping, tampered=True).status == 401
    assert discord.endpoint.sends(ping, age=3600).status == 200


def test_an_application_is_told_who_installs_and_removes_it(
    discord: DiscordServer, application: Application, ada: Person
) -> None:
    discord.webhook_events.set_to(application.url.replace("/interactions", "/events"))
    ada.installs()
    ada.uninstalls()
    ping, *events = application.told
    assert ping is None
    assert [event["type"] for event in events] == ["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"]
    assert {event["data"]["user"]["id"] for event in events} == {ada.id}
