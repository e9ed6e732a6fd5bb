"""Device codes: a program without a browser is signed in, with the real client and the real command."""

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import DeviceCodeError
from huggingface_hub.utils import _oauth_device

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import hidden_fields

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(autouse=True)
def _this_hub(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", hub.endpoint)


@pytest.fixture
def browser(hub: LocalHub) -> Iterator[httpx2.Client]:
    """Of bob, who is signed in."""
    with hub.browser() as client:
        client.post("/login", data={"username": "bob"})
        yield client


def decide(browser: httpx2.Client, address: str, decision: str) -> httpx2.Response:
    page = browser.get(address)
    return browser.post("/oauth/device/decision", data={**hidden_fields(page.text), "decision": decision})


def test_the_client_gets_its_token_once_the_person_allows(hub: LocalHub, browser: httpx2.Client) -> None:
    info = _oauth_device.request_device_code()
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", info["user_code"])
    assert info["verification_uri"] == f"{hub.endpoint}/oauth/device"
    waits: queue.Queue[None] = queue.Queue()
    tokens: list[Any] = []
    polling = threading.Thread(
        target=lambda: tokens.append(
            _oauth_device.poll_device_token(info, on_pending=lambda: waits.put(None))
        )
    )
    polling.start()
    waits.get(timeout=10)
    page = browser.get("/oauth/device", params={"user_code": info["user_code"].lower().replace("-", " ")})
    assert "Allow Hugging Face CLI?" in page.text
    assert info["user_code"] in page.text
    done = decide(browser, info["verification_uri_complete"], "allow")
    polling.join(20)

    assert "now signed in as <strong>bob</strong>" in done.text
    me = hub.api(token=tokens[0]["access_token"]).whoami()
    assert (me["name"], me["auth"]["type"]) == ("bob", "oauth")
    again = _oauth_device.refresh_access_token(tokens[0]["refresh_token"])
    assert hub.api(token=again["access_token"]).whoami()["name"] == "bob"
    with pytest.raises(DeviceCodeError) as used_up:
        _oauth_device.refresh_access_token(tokens[0]["refresh_token"])
    assert used_up.value.error_code == "invalid_grant"
    assert "Hugging Face CLI" in browser.get("/settings").text


def test_a_person_who_denies_is_heard(browser: httpx2.Client) -> None:
    info = _oauth_device.request_device_code()
    assert "gets no access" in decide(browser, info["verification_uri_complete"], "deny").text

    with pytest.raises(DeviceCodeError, match="denied"):
        _oauth_device.poll_device_token(info)


def test_polling_too_fast_is_told_to_slow_down(hub: LocalHub, browser: httpx2.Client) -> None:
    info = _oauth_device.request_device_code()
    form = {
        "grant_type": DEVICE_CODE,
        "device_code": info["device_code"],
        "client_id": constants.DEVICE_CODE_OAUTH_CLIENT_ID,
    }
    errors = [browser.post("/oauth/token", data=form).json()["error"] for _ in range(2)]

    assert errors == ["authorization_pending", "slow_down"]


def test_a_code_works_once_and_only_for_its_app(hub: LocalHub, browser: httpx2.Client) -> None:
    demo = hub.ready["oauth"]["demo"]
    basic = (demo["client_id"], demo["client_secret"])
    asked = browser.post("/oauth/device", data={"scope": "openid jobs"}, auth=basic).json()
    decide(browser, asked["verification_uri_complete"], "allow")
    form = {"grant_type": DEVICE_CODE, "device_code": asked["device_code"]}

    stolen = browser.post("/oauth/token", data={**form, "client_id": constants.DEVICE_CODE_OAUTH_CLIENT_ID})
    tokens = browser.post("/oauth/token", data=form, auth=basic)
    again = browser.post("/oauth/token", data=form, auth=basic)
    assert (stolen.json()["error"], again.json()["error"]) == ("invalid_grant", "invalid_grant")
    assert (tokens.json()["scope"], "id_token" in tokens.json()) == ("openid jobs", True)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({}, "invalid_client"),
        ({"client_id": constants.DEVICE_CODE_OAUTH_CLIENT_ID, "scope": "take-over"}, "invalid_scope"),
    ],
)
def test_a_wrong_question_gets_no_code(browser: httpx2.Client, form: dict[str, str], error: str) -> None:
    assert browser.post("/oauth/device", data=form).json()["error"] == error


def test_the_page_asks_for_the_code_and_knows_a_wrong_one(hub: LocalHub, browser: httpx2.Client) -> None:
    assert 'name="user_code"' in browser.get("/oauth/device").text
    assert browser.get("/device").headers["location"] == "/oauth/device"
    wrong = browser.get("/oauth/device", params={"user_code": "<b>WRONG"})
    assert "No program waits" in wrong.text
    assert "<b>WRONG" not in wrong.text
    with hub.browser() as stranger:
        signed_out = stranger.get("/oauth/device", params={"user_code": "ABCD-EFGH"})
    assert signed_out.headers["location"].startswith("/login?next=")


def test_the_decision_needs_the_form_of_this_very_browser(browser: httpx2.Client) -> None:
    info = _oauth_device.request_device_code()
    forged = {"user_code": info["user_code"], "decision": "allow", "csrf": "guess"}

    assert browser.post("/oauth/device/decision", data=forged).status_code == 403


def test_the_command_line_signs_in_and_knows_who_it_is(
    hub: LocalHub, browser: httpx2.Client, tmp_path: Path
) -> None:
    hf = str(Path(sys.executable).with_name("hf"))
    env = {**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    env = {name: value for name, value in env.items() if name not in {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}}
    login = subprocess.Popen(
        [hf, "auth", "login", "--format", "agent"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert login.stdout is not None
    found = re.search(r"open (\S+) in a browser", login.stdout.readline())
    assert found is not None
    decide(browser, found[1], "allow")
    said = login.communicate(timeout=30)[0]
    whoami = subprocess.run([hf, "auth", "whoami"], env=env, capture_output=True, text=True, check=True)

    assert "logged in as bob" in said
    assert "bob" in whoami.stdout
