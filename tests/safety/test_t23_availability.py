"""T23: nothing that is sent makes the bot fall over, and what can't be handled stands in nobody's way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.types import Message

from bot.app import create_app
from bot.context import Context
from bot.domain.events import CommentPosted, Event
from bot.intake import FIRST_WAIT, TRIES, deliver
from bot.store.deliveries import DeliveryState
from tests.harness.small_bot import small_settings
from tests.safety.raw_requests import posted_to

SECRET = b"s" * 64
HOOKS = ["/webhooks/hub", "/webhooks/discord"]
ODD_HEADERS = [
    [(b"content-length", b"9" * 5000)],
    [(b"content-length", "٣".encode())],
    [(b"content-length", b"-1"), (b"content-length", b"2")],
    [(b"x-webhook-secret", b"\xff\xfe\x00")],
    [(b"x-webhook-secret", SECRET), (b"x-webhook-secret", b"")],
    [(b"x-signature-timestamp", "١٢٣".encode()), (b"x-signature-ed25519", b"\xff" * 64)],
    [(b"x-signature-timestamp", b"1e309"), (b"x-signature-ed25519", b"0" * 128)],
    [(b"content-type", b"\x00"), (b"transfer-encoding", b"gzip, chunked"), (b"cookie", b"=;;=\xff")],
    [(b"x-forwarded-for", b"::::, \xff, 999.1.1.1"), (b"host", b"")],
]
BODIES = [
    b"[" * 200_000,
    b'{"a":' * 40_000,
    b"\xff\xfe\x00",
    b"",
    b"null",
    b"1e999999",
    b'{"event": {"action": "create", "scope": "\\ud800"}}',
    b'{"event": 3, "repo": [], "discussion": "x", "comment": null}',
    b'{"discussion": {"num": ' + b"9" * 5000 + b"}}",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """With both doors, and without background work."""
    on_discord = {
        "discord_token": "t" * 60,
        "discord_application_id": "1",
        "discord_client_secret": "c" * 32,
        "discord_public_key": "0" * 64,
    }
    settings = small_settings(tmp_path_factory.mktemp("bot"), requests_per_minute=1_000_000, **on_discord)
    yield create_app(settings)


def sent(app: FastAPI, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    """As the server hands it on, whatever a client library would have refused to send."""
    answered: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        answered.append(message)

    scope = posted_to(path, headers)
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 10))
    said = b"".join(message.get("body", b"") for message in answered)
    return int(answered[0]["status"]), said


@pytest.mark.parametrize("path", [*HOOKS, "/signin", "/api/runs/r_0123456789abcdef/reports"])
@pytest.mark.parametrize("headers", ODD_HEADERS, ids=range(len(ODD_HEADERS)))
def test_t23_an_odd_header_is_answered_with_a_refusal(
    app: FastAPI, path: str, headers: list[tuple[bytes, bytes]]
) -> None:
    status, said = sent(app, path, headers, b"{}")

    assert 400 <= status < 500 and b"Traceback" not in said


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_t23_a_body_that_goes_deep_or_lies_is_refused(app: FastAPI, body: bytes) -> None:
    status, said = sent(app, "/webhooks/hub", [(b"x-webhook-secret", SECRET)], body)

    assert status == 400 and b"Traceback" not in said and len(said) < 2000


def test_t23_a_delivery_that_nothing_can_handle_is_parked_with_one_apology(app: FastAPI) -> None:
    ctx: Context = app.state.ctx
    poison, good = a_comment("b" * 24), a_comment("c" * 24)
    ctx.deliveries.put([poison, good], now=0.0)
    handled, sorry, waits = list[str](), list[str](), list[float]()

    def handle(event: Event, _ctx: Context) -> None:
        handled.append(event.key)
        if event == poison:
            raise ValueError("whatever it is")

    def apologise(event: Event, _ctx: Context) -> None:
        sorry.append(event.key)
        raise RuntimeError("that failed too")

    now = [0.0]
    later = replace(ctx, clock=lambda: now[0])
    while due := ctx.deliveries.due(now[0]):
        for key in due:
            deliver(key, later, handle, apologise)
        waits.append(now[0])
        now[0] += FIRST_WAIT * 2**TRIES

    assert handled.count(poison.key) == TRIES and handled.count(good.key) == 1
    assert handled.index(good.key) < TRIES, "the other one did not wait for it"
    assert sorry == [poison.key] and len(waits) == TRIES
    assert ctx.deliveries.count(DeliveryState.PARKED) == 1
    deliver(poison.key, later, handle, apologise)
    assert handled.count(poison.key) == TRIES, "it is not tried again"


def a_comment(comment_id: str) -> CommentPosted:
    return CommentPosted(repo="owner/model", num=1, comment_id=comment_id, author_id="a" * 24)
