"""Signing in a program without a browser: it shows a code, a person allows it here, it fetches its tokens."""

import secrets
import time
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.localhub.accounts import TheHub, User
from bot.localhub.errors import HubError
from bot.localhub.oauth_clients import TokenError, authenticated_app
from bot.localhub.oauth_records import SCOPES, Connection, Grant, OAuthApp, app_of, connect
from bot.localhub.rendering import page
from bot.localhub.sessions import browser_session, check_csrf, csrf_token
from bot.localhub.state import Hub, Record

router = APIRouter(include_in_schema=False)
PAGE = "/oauth/device"
LIFETIME = 900
INTERVAL = 1
"""Seconds between two looks of the program. The real Hub asks for 5; here nobody needs to wait."""
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: no code spells a word."""


class Decision(StrEnum):
    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"


class DeviceRequest(Record):
    """A program that waits for a person. Stored under its device code, which only the program knows."""

    device_code: str
    user_code: str
    client_id: str
    scopes: tuple[str, ...]
    expires_at: float
    decision: Decision = Decision.PENDING
    user: str | None = None
    """Who decided."""
    looked_at: float = 0


@router.post(PAGE)
def ask_for_code(
    request: Request,
    hub: TheHub,
    client_id: Annotated[str, Form()] = "",
    client_secret: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
) -> JSONResponse:
    try:
        app = authenticated_app(hub, request, client_id, client_secret)
        scopes = _known_scopes(scope) or app.scopes
    except TokenError as refusal:
        return refusal.as_json()
    asked = _new_request(hub, app, scopes)
    at = f"{hub.endpoint}{PAGE}"
    answer = {
        "device_code": asked.device_code,
        "user_code": asked.user_code,
        "verification_uri": at,
        "verification_uri_complete": f"{at}?user_code={asked.user_code}",
        "expires_in": LIFETIME,
        "interval": INTERVAL,
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _known_scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(dict.fromkeys(text.split()))
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise TokenError("invalid_scope", f"Unknown scope: {', '.join(unknown)[:200]}")
    return scopes


def _new_request(hub: Hub, app: OAuthApp, scopes: tuple[str, ...]) -> DeviceRequest:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    asked = DeviceRequest(
        device_code=secrets.token_urlsafe(32),
        user_code=f"{letters[:4]}-{letters[4:]}",
        client_id=app.client_id,
        scopes=scopes,
        expires_at=time.time() + LIFETIME,
    )
    with hub.lock:
        for old in hub.all(DeviceRequest):
            if old.expires_at < time.time():
                hub.all(DeviceRequest).delete(old.device_code)
        return hub.all(DeviceRequest).put(asked.device_code, asked)


def redeem(hub: Hub, app: OAuthApp, device_code: str) -> Grant:
    """What the person allowed, once. Until then, and if they did not, a TokenError says how it stands."""
    with hub.lock:
        asked = hub.all(DeviceRequest).get(device_code)
        if asked is None or asked.client_id != app.client_id:
            raise TokenError("invalid_grant", "The device code is unknown or used up")
        looked_at = asked.looked_at
        hub.all(DeviceRequest).put(device_code, asked.model_copy(update={"looked_at": time.time()}))
        _check_decided(asked, looked_at)
        hub.all(DeviceRequest).delete(device_code)
        assert asked.user is not None
        if f"{asked.user}/{app.client_id}" not in hub.all(Connection):
            raise TokenError("access_denied", "The person has revoked this app meanwhile")
    return Grant(client_id=app.client_id, user=asked.user, scopes=asked.scopes, expires_at=asked.expires_at)


def _check_decided(asked: DeviceRequest, looked_at: float) -> None:
    if asked.expires_at < time.time():
        raise TokenError("expired_token", "The device code has expired. Ask for a new one")
    match asked.decision:
        case Decision.DENIED:
            raise TokenError("access_denied", "The person declined")
        case Decision.PENDING if time.time() - looked_at < INTERVAL / 2:
            raise TokenError("slow_down", f"Wait {INTERVAL} seconds between two looks")
        case Decision.PENDING:
            raise TokenError("authorization_pending", "The person has not decided yet")


@router.get("/device")
def short_address() -> RedirectResponse:
    return RedirectResponse(PAGE, status_code=303)


@router.get(PAGE)
def code_page(request: Request, hub: TheHub, user_code: str = "") -> Response:
    """Where a person types the code, and decides once it is one that waits."""
    user = browser_session(request)
    if user is None:
        here = quote(f"{PAGE}?user_code={quote(user_code)}" if user_code else PAGE, safe="")
        return RedirectResponse(f"/login?next={here}", status_code=303)
    asked = _waiting(hub, user_code)
    if asked is None:
        return _show(request, user, wrong=user_code[:50])
    app = app_of(hub, asked.client_id)
    abilities = [(scope, SCOPES[scope]) for scope in asked.scopes]
    return _show(request, user, asked=asked, app=app, abilities=abilities)


@router.post(f"{PAGE}/decision")
def decide(
    request: Request,
    hub: TheHub,
    user_code: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "deny",
    csrf: Annotated[str, Form()] = "",
) -> HTMLResponse:
    check_csrf(request, csrf)
    user = browser_session(request)
    assert user is not None, "check_csrf lets only signed-in people through"
    said = Decision.ALLOWED if decision == "allow" else Decision.DENIED
    with hub.lock:
        asked = _waiting(hub, user_code)
        if asked is None:
            raise HubError(
                400, "This code does not wait for an answer any more. Ask your program for a new one"
            )
        decided = asked.model_copy(update={"decision": said, "user": user.name})
        hub.all(DeviceRequest).put(asked.device_code, decided)
    if said is Decision.ALLOWED:
        connect(hub, asked.client_id, user, asked.scopes)
    return _show(request, user, decided=said, app=app_of(hub, asked.client_id))


def _waiting(hub: Hub, user_code: str) -> DeviceRequest | None:
    letters = "".join(letter for letter in user_code.upper() if letter.isalpha())
    for asked in hub.all(DeviceRequest):
        is_open = asked.decision is Decision.PENDING and asked.expires_at > time.time()
        if is_open and asked.user_code.replace("-", "") == letters:
            return asked
    return None


def _show(request: Request, user: User, **context: Any) -> HTMLResponse:
    return page(request, "device.html", user=user, csrf=csrf_token(request), **context)
