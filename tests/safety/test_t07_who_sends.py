"""T7: a delivery counts if its header holds one of our secrets; an address may reach logs of others."""

import json
import secrets
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from bot.app import create_app
from tests.safety.test_t12_t17_loops_and_floods import small_settings
from tests.safety.test_t13_t14_t23_every_page import ask

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
BODY = json.dumps({"event": {"action": "update", "scope": "repo.config"}})


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("bot")
    return create_app(small_settings(folder, webhook_secrets=f"{NEW},{OLD}"))


@pytest.mark.parametrize(
    ("header", "status"),
    [(NEW, 202), (OLD, 202), (NEW[:-1], 401), ("", 401)],
    ids=["newest", "older", "cut", "none"],
)
def test_t07_two_secrets_are_good_during_a_rotation_and_nothing_else_is(
    app: FastAPI, header: str, status: int
) -> None:
    answer = ask(app, "POST", "/webhooks/hub", content=BODY, headers={"X-Webhook-Secret": header})

    assert answer.status_code == status


def test_t07_a_secret_in_the_address_or_the_body_is_none(app: FastAPI) -> None:
    body = json.dumps({**json.loads(BODY), "webhook": {"id": "0" * 24, "secret": NEW}, "secret": NEW})

    answer = ask(app, "POST", "/webhooks/hub", params={"secret": NEW}, content=body)

    assert answer.status_code == 401 and NEW not in answer.text


@pytest.mark.parametrize("short", ["", "s" * 31, f"{NEW},short"], ids=["none", "short", "one is short"])
def test_t07_a_secret_that_can_be_guessed_is_refused_at_start(tmp_path: Path, short: str) -> None:
    with pytest.raises(ValidationError, match="32 characters or more"):
        small_settings(tmp_path, webhook_secrets=short)
