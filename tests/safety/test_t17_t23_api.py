"""T17, T23: the API answers as it describes itself, whatever it is asked; and nobody knocks without end."""

import json
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from bot.store.api_keys import ApiKeyRow, ApiKeys
from bot.store.database import open_database
from bot.store.vault import secret_hash
from tests.harness.bot import BotProcess
from tests.harness.small_bot import small_settings

pytestmark = pytest.mark.thorough

ADA = "a" * 24
KEY = "sf_" + "k" * 43
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
BODIES = (
    b"", b"{", b"[]", b"null", b'{"model": 1}', b'{"model": "a b/c"}', b'{"model": "budget=9/x"}',
    b'{"model":"a/b","rev":"\\ud800"}', b"\xff\xfe", b"[" * 50_000,
    json.dumps({"model": "a/" + "b" * 9000}).encode(),
)  # fmt: skip


class Api:
    """A served bot without a Hub, and a key of ada's, who has not signed in: what she asks for waits."""

    def __init__(self, folder: Path, **changed: object) -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        own = {"public_url": self.url, "host": "127.0.0.1", "port": port}
        given = small_settings(folder, **(own | changed))
        self._bot = BotProcess(given, folder)
        now, rows = time.time(), open_database(given.main_database, "main")
        ApiKeys(rows).put(ApiKeyRow("k_1", secret_hash(KEY), ADA, "ada", "CI", now, now))
        rows.dispose()

    def ask(self, method: str, path: str, key: str | None = KEY, **given: Any) -> httpx2.Response:
        headers = given.pop("headers", {}) | ({"x-api-key": key} if key else {})
        return httpx2.request(method, f"{self.url}/api{path}", headers=headers, timeout=60, **given)

    def description(self) -> dict[str, Any]:
        described: dict[str, Any] = self.ask("GET", "/openapi.json", None).json()
        return described

    def stop(self) -> None:
        self._bot.stop()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    api = Api(tmp_path_factory.mktemp("bot"), api_requests_per_minute=1_000_000, commands_per_hour=1_000_000)
    yield api
    api.stop()


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Api]:
    narrow = Api(tmp_path, api_requests_per_minute=30)
    yield narrow
    narrow.stop()


def test_t23_every_answer_is_as_described_whatever_is_asked(api: Api) -> None:
    described = api.description()
    operations = {each["operationId"] for path in described["paths"].values() for each in path.values()}
    assert {"build", "plan", "cancel", "retry", "rollback", "validate", "watch", "read_run"} <= operations
    checks.load_all_checks()
    named = checks.CHECKS.get_by_names(list(CHECKED))
    schema = schemathesis.openapi.from_dict(described)
    statuses: set[int] = set()
    for result in schema.get_all_operations():

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=result.ok().as_strategy())
        def one(case: Any) -> None:
            response = case.call(base_url=api.url, headers={"x-api-key": KEY}, timeout=60)
            statuses.add(response.status_code)
            case.validate_response(response, checks=named)
            assert "Traceback" not in response.text and KEY not in response.text

        one()
    assert {200, 404, 422} <= statuses


def test_t23_odd_bodies_get_a_sentence(api: Api) -> None:
    for body in BODIES:
        answer = api.ask("POST", "/build", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422 and answer.json()["error"], (body[:40], answer.text)
    large = api.ask("POST", "/build", content=b" " * (3 << 20))
    assert (large.status_code, large.json()["code"]) == (413, "E_BODY")


def test_t17_a_key_and_an_address_are_turned_away_when_it_is_too_much(narrow: Api) -> None:
    wrong = [narrow.ask("GET", "/me", "sf_" + secrets.token_urlsafe(32)) for _ in range(5)]
    assert [answer.status_code for answer in wrong] == [401, 401, 401, 429, 429]
    assert "wrong keys" in wrong[-1].json()["error"]
    elsewhere = {"X-Forwarded-For": "8.8.8.8"}
    assert narrow.ask("GET", "/me", headers=elsewhere).status_code == 200, "others are not"

    one_key = [narrow.ask("GET", "/me", headers={"X-Forwarded-For": f"8.8.4.{n}"}) for n in range(31)]
    no_key = [narrow.ask("GET", "/runs/r_0123456789abcdef", None, headers=elsewhere) for _ in range(31)]

    for answers in (one_key, no_key):
        assert answers[28].status_code in {200, 404}
        assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, "60")
        assert "more than 30 requests" in answers[-1].json()["error"]
