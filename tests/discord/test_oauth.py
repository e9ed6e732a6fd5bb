"""Somebody proves in a browser who they are in Discord."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from tests.harness.browser import Browser
from tests.harness.discord import DiscordServer, Person

BACK = "http://127.0.0.1:9/linked"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def browser() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def portal(discord: DiscordServer) -> None:
    discord.state.oauth.redirects.append(BACK)


def link(discord: DiscordServer, **changed: str) -> str:
    asked = {
        "client_id": discord.application_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "identify",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{discord.api}/oauth2/authorize?{urlencode(asked | changed)}"


def consent(
    discord: DiscordServer, browser: Browser, person: Person, decision: str = "allow"
) -> dict[str, str]:
    """What the application would be told at its redirect URI, where nobody listens here."""
    browser.open(link(discord))
    browser.submit("/login", username=person.name)
    assert browser.page is not None and f"Signed in as <strong>{person.name}" in browser.page.text
    with pytest.raises(httpx2.ConnectError) as moved:
        browser.submit("decision", decision=decision)
    return {name: value[0] for name, value in parse_qs(urlsplit(str(moved.value.request.url)).query).items()}


def redeem(discord: DiscordServer, code: str, **changed: str) -> httpx2.Response:
    form = {
        "client_id": discord.application_id,
        "client_secret": discord.client_secret,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return httpx2.post(f"{discord.api}/oauth2/token", data=form | changed)


def me(discord: DiscordServer, token: str) -> httpx2.Response:
    return httpx2.get(f"{discord.api}/users/@me", headers={"Authorization": f"Bearer {token}"})


def test_a_person_who_agrees_is_known_by_the_code(
    discord: DiscordServer, browser: Browser, ada: Person
) -> None:
    told = consent(discord, browser, ada)
    assert told["state"] == "s1"
    tokens: dict[str, Any] = redeem(discord, told["code"]).json()
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "identify")
    assert me(discord, tokens["access_token"]).json()["id"] == ada.id
    assert redeem(discord, told["code"]).json()["error"] == "invalid_grant"


def test_a_person_who_does_not_agree_stays_unknown(
    discord: DiscordServer, browser: Browser, ada: Person
) -> None:
    assert consent(discord, browser, ada, "deny")["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"redirect_uri": BACK + "/"}, "invalid_grant"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"audience": "x"}, "invalid_request"),
    ],
    ids=["another verifier", "another redirect", "another secret", "another grant", "an unknown field"],
)
def test_a_code_is_not_redeemed_with(
    discord: DiscordServer, browser: Browser, ada: Person, changed: dict[str, str], error: str
) -> None:
    assert redeem(discord, consent(discord, browser, ada)["code"], **changed).json()["error"] == error


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "1"},
        {"redirect_uri": "http://127.0.0.1:9/evil"},
        {"scope": "identify guilds"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"nonce": "x"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_wrong_link_leads_nowhere(
    discord: DiscordServer, browser: Browser, changed: dict[str, str]
) -> None:
    assert browser.open(link(discord, **changed)).status_code == 400


def test_tokens_end_with_time_and_with_the_persons_will(
    discord: DiscordServer, browser: Browser, ada: Person
) -> None:
    tokens = redeem(discord, consent(discord, browser, ada)["code"]).json()
    discord.passes(days=8)
    assert me(discord, tokens["access_token"]).status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    secret = (discord.application_id, discord.client_secret)
    renewed = httpx2.post(f"{discord.api}/oauth2/token", data=form, auth=secret).json()
    assert me(discord, renewed["access_token"]).status_code == 200
    ada.uninstalls()
    assert me(discord, renewed["access_token"]).status_code == 401
