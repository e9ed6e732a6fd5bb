"""T13, T14, T23: every route, whatever it is asked, answers with bounds, headers and no trace."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from starlette.types import Message, Receive, Send

from bot.app import create_app
from bot.store.tables import sign_ins
from bot.web.door import LARGEST_BODY
from tests.harness.small_bot import small_settings
from tests.safety.raw_requests import posted_to

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
}
TRACES = ("Traceback", 'File "', "sqlalchemy", "site-packages")
OWN = ("/", "https://bot.test", "http://127.0.0.1:9/oauth/authorize")
TEXT = {"type": "string"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The bot's own app, without a Hub and without its background work."""
    yield create_app(small_settings(tmp_path_factory.mktemp("bot"), requests_per_minute=1_000_000))


def ask(app: FastAPI, method: str, path: str, **given: Any) -> httpx2.Response:
    async def send() -> httpx2.Response:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="https://bot.test") as client:
            return await client.request(method, path, **given)

    return asyncio.run(send())


def description_of(app: FastAPI) -> dict[str, Any]:
    """The app publishes none: any text for what the paths and queries of its routes take."""
    paths: dict[str, Any] = {}
    for route in routes_of(app.router.routes):
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or {"GET", "POST"}
        if path.startswith("/static"):
            continue
        named = [word[1:-1] for word in path.split("/") if word.startswith("{")]
        query = ["next", "state", "code", "error", "ticket", "scopes"]
        parameters = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in named]
        parameters += [{"name": name, "in": "query", "schema": TEXT} for name in query]
        body = {
            "content": {
                "application/json": {"schema": {}},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "additionalProperties": TEXT}
                },
            }
        }
        for method in methods - {"HEAD"}:
            operation: dict[str, Any] = {
                "parameters": parameters,
                "responses": {"200": {"description": "ok"}},
            }
            if method == "POST":
                operation["requestBody"] = body
            paths.setdefault(path, {})[method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": "bot", "version": "1"}, "paths": paths}


def routes_of(routes: list[Any]) -> Iterator[Any]:
    """With those of the routers that were included."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from routes_of(inner.routes) if inner else [route]


def test_t14_t23_no_request_makes_a_page_break_or_lose_its_headers(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_dict(description_of(app))
    tried = 0
    for result in schema.get_all_operations():

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=result.ok().as_strategy())
        def one(case: Any) -> None:
            nonlocal tried
            tried += 1
            check(send(app, case))

        one()
    assert tried > 100


def send(app: FastAPI, case: Any) -> httpx2.Response:
    told = case.as_transport_kwargs(base_url="https://bot.test")
    form = told.get("data") if isinstance(told.get("data"), dict) else None
    headers = dict(told.get("headers") or {})
    return ask(
        app,
        told["method"],
        told["url"],
        params=told.get("params"),
        headers=headers,
        json=told.get("json"),
        data=form,
    )


def check(answer: httpx2.Response) -> None:
    assert answer.status_code < 500 or (answer.status_code, answer.request.url.path) == (503, "/callback"), (
        answer.text
    )
    assert not [trace for trace in TRACES if trace in answer.text]
    assert len(answer.content) < 1 << 20
    if "/static/" not in answer.request.url.path:
        assert HEADERS.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    for cookie in answer.headers.get_list("set-cookie"):
        words = {word.strip().lower() for word in cookie.split(";")}
        assert {"httponly", "samesite=lax", "secure", "path=/"} <= words and cookie.startswith("__Host-"), (
            cookie
        )
    if there := answer.headers.get("location"):
        assert there.startswith(OWN) and not there.startswith("//"), there


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/runs/../evil", "/runs\n",
        "/%2f%2fevil.test", "/runs/r_0123456789abcdef\r\nSet-Cookie: x=1", "https:evil.test", "/signin",
    ],
)  # fmt: skip
def test_t13_sign_in_leads_back_to_our_own_pages_only(app: FastAPI, there: str) -> None:
    answer = ask(app, "POST", "/connect", data={"next": there}, headers={"Origin": "https://bot.test"})

    assert answer.status_code == 303
    row = newest_sign_in(app)
    assert row == "/"


def newest_sign_in(app: FastAPI) -> str:
    engine = app.state.ctx.runs._engine
    with engine.connect() as connection:
        newest = select(sign_ins.c.next_page).order_by(sign_ins.c.created_at.desc()).limit(1)
        return str(connection.execute(newest).scalar_one())


def test_t13_a_state_that_is_missing_made_up_or_another_browsers_is_refused(app: FastAPI) -> None:
    begun = ask(app, "POST", "/connect", headers={"Origin": "https://bot.test"})
    state = httpx2.URL(begun.headers["location"]).params["state"]

    for query in ({}, {"code": "x"}, {"code": "x", "state": "made-up"}, {"code": "x", "state": state}):
        assert ask(app, "GET", "/callback", params=query).status_code == 400
    assert ask(app, "GET", "/callback", params={"code": "x", "state": state}).status_code == 400


def test_t14_a_form_from_another_site_changes_nothing(app: FastAPI) -> None:
    for origin in ("https://evil.test", "null", "", "https://bot.test.evil.test"):
        assert ask(app, "POST", "/signout", headers={"Origin": origin}).status_code == 403


def test_t23_no_body_is_read_beyond_its_bound_even_if_it_hides_its_length(app: FastAPI) -> None:
    for path in ("/signout", "/webhooks/hub", "/api/runs/r_0123456789abcdef/reports", "/"):
        assert ask(app, "POST", path, content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    asked = asyncio.run(_endless(app, "/discord/confirm"))
    assert asked <= LARGEST_BODY // 65536 + 2


async def _endless(app: FastAPI, path: str) -> int:
    """How many chunks of a body without end are taken."""
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"a=b&" * 16384, "more_body": True}

    async def sent(_message: Message) -> None:
        pass

    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"bot.test")]
    scope = posted_to(path, form)
    run: tuple[Receive, Send] = (receive, sent)
    await asyncio.wait_for(app(scope, *run), 20)
    return taken


def test_t17_one_address_is_turned_away_with_a_sentence_and_others_are_not(tmp_path: Path) -> None:
    app = create_app(small_settings(tmp_path, requests_per_minute=20))
    answers = [ask(app, "GET", "/healthz") for _ in range(25)] + [ask(app, "GET", "/runs") for _ in range(25)]

    assert [answer.status_code for answer in answers] == [200] * 45 + [429] * 5
    assert "try again in a minute" in answers[-1].text and answers[-1].headers["retry-after"] == "60"
    assert "frame-ancestors 'none'" in answers[-1].headers["content-security-policy"]
    other = ask(app, "GET", "/runs", headers={"X-Forwarded-For": "6.6.6.6, 8.8.8.8"})
    assert other.status_code == 200
