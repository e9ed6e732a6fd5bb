"""Asking a person for permission: sign-in, the consent page, and the way back to the app with a code."""

import time
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from bot.localhub.accounts import TheHub, User, organisations_of
from bot.localhub.oauth_records import CODE_LIFETIME, SCOPES, Code, OAuthApp, allow, allowed, app_of
from bot.localhub.rendering import page
from bot.localhub.sessions import browser_session, check_csrf, csrf_token
from bot.localhub.state import Hub

router = APIRouter(include_in_schema=False)


class Authorization(BaseModel):
    """What an app asks for. Everything may be missing or wrong: it comes through a stranger's browser.

    What else an app may send, such as `max_age`, changes nothing here.
    """

    model_config = ConfigDict(frozen=True)

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = "code"
    scope: str = ""
    """Separated by spaces; without any, those of the app."""
    state: str | None = None
    nonce: str | None = None
    prompt: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    orgIds: str = ""  # noqa: N815 - the wire's name
    """Ids of organisations that it needs to reach, separated by commas."""

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.scope.split()))


class Decision(Authorization):
    decision: str = "deny"
    left_out: list[str] = []
    """Names of organisations that the person keeps from the app."""
    csrf: str = ""


@router.get("/oauth/authorize")
def ask(request: Request, hub: TheHub, asked: Annotated[Authorization, Query()]) -> Response:
    app = _app_or_refusal(request, hub, asked)
    if isinstance(app, Response):
        return app
    user = browser_session(request)
    if user is None:
        return _sign_in_first(request, asked)
    known = allowed(hub, app, user, _scopes(app, asked))
    if asked.prompt != "consent" and known and not set(known.left_out) & _needed(hub, user, asked):
        return _back_with_code(hub, app, user, asked, known.left_out)
    if asked.prompt == "none":
        return _back(asked, error="consent_required")
    return _consent_page(request, hub, app, user, asked)


@router.post("/oauth/authorize")
def decide(request: Request, hub: TheHub, decision: Annotated[Decision, Form()]) -> Response:
    check_csrf(request, decision.csrf)
    user = browser_session(request)
    assert user is not None, "check_csrf lets only signed-in people through"
    app = _app_or_refusal(request, hub, decision)
    if isinstance(app, Response):
        return app
    if decision.decision != "allow":
        return _back(decision, error="access_denied", error_description="The person declined")
    kept = {org.name for org, _ in organisations_of(hub, user)} & set(decision.left_out)
    return _back_with_code(hub, app, user, decision, tuple(sorted(kept - _needed(hub, user, decision))))


def _app_or_refusal(request: Request, hub: Hub, asked: Authorization) -> OAuthApp | Response:
    """The app that asks. With a wrong app or address, nobody is sent to that address: a page says why."""
    app = app_of(hub, asked.client_id)
    if app is None:
        reason = "No app has this client_id here. Register it with --oauth-app NAME=REDIRECT_URI."
        return _refusal_page(request, reason)
    if asked.redirect_uri not in app.redirect_uris:
        known = " or ".join(app.redirect_uris)
        return _refusal_page(request, f"{app.name} did not register this redirect_uri. It must be {known}.")
    mistake = _mistake_in(asked)
    return app if mistake is None else _back(asked, error=mistake[0], error_description=mistake[1])


def _needed(hub: Hub, user: User, asked: Authorization) -> set[str]:
    """Names of those of the person's organisations that the app must reach."""
    ids = asked.orgIds.split(",")
    return {org.name for org, _ in organisations_of(hub, user) if org.id in ids}


def _scopes(app: OAuthApp, asked: Authorization) -> tuple[str, ...]:
    return asked.scopes or app.scopes


def _sign_in_first(request: Request, asked: Authorization) -> Response:
    if asked.prompt == "none":
        return _back(asked, error="login_required")
    here = f"{request.url.path}?{request.url.query}"
    return RedirectResponse(f"/login?next={quote(here, safe='')}", status_code=303)


def _mistake_in(asked: Authorization) -> tuple[str, str] | None:
    if asked.response_type != "code":
        return "unsupported_response_type", "Only response_type=code is offered"
    if asked.code_challenge and asked.code_challenge_method != "S256":
        return "invalid_request", "Only code_challenge_method=S256 is offered"
    unknown = [scope for scope in asked.scopes if scope not in SCOPES]
    if unknown:
        return "invalid_scope", f"Unknown scope: {', '.join(unknown)[:200]}"
    return None


def _back_with_code(
    hub: Hub, app: OAuthApp, user: User, asked: Authorization, left_out: tuple[str, ...]
) -> Response:
    code = Code(
        client_id=app.client_id,
        user=user.name,
        scopes=_scopes(app, asked),
        expires_at=time.time() + CODE_LIFETIME,
        redirect_uri=asked.redirect_uri,
        nonce=asked.nonce,
        challenge=asked.code_challenge,
        left_out=left_out,
    )
    return _back(asked, code=allow(hub, app, user, code))


def _back(asked: Authorization, **answer: str) -> Response:
    """Send the browser back to the app with the answer and the app's own state."""
    parts = urlsplit(asked.redirect_uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *answer.items()]
    if asked.state is not None:
        query.append(("state", asked.state))
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(
        urlunsplit(parts._replace(query=urlencode(query))), status_code=303, headers=headers
    )


def _consent_page(
    request: Request, hub: Hub, app: OAuthApp, user: User, asked: Authorization
) -> HTMLResponse:
    needed = _needed(hub, user, asked)
    return page(
        request,
        "consent.html",
        app=app,
        user=user,
        abilities=[(scope, SCOPES[scope]) for scope in _scopes(app, asked)],
        organisations=[(org, org.name in needed) for org, _ in organisations_of(hub, user)],
        fields=asked.model_dump(exclude_none=True),
        csrf=csrf_token(request),
        here=f"{request.url.path}?{request.url.query}",
        destination=urlsplit(asked.redirect_uri).netloc,
    )


def _refusal_page(request: Request, reason: str) -> HTMLResponse:
    return page(request, "oauth_refusal.html", status=400, reason=reason, user=browser_session(request))
