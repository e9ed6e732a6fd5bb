"""Browser sessions: who is signed in to this Hub's pages. Anyone here may sign in as any known user."""

import hashlib
import hmac
import secrets
import time
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.localhub.accounts import Caller, TheHub, Token, User, hub_of
from bot.localhub.errors import HubError
from bot.localhub.rendering import page
from bot.localhub.state import Hub, Record

router = APIRouter(include_in_schema=False)
COOKIE = "token"
LIFETIME = 30 * 24 * 3600


class Session(Record):
    """A signed-in browser, stored under the hash of its cookie. Forms carry `csrf` back."""

    user: str
    csrf: str
    expires_at: float


def browser_session(request: Request) -> User | None:
    """The user who is signed in with this browser."""
    session = _session(request)
    return None if session is None else hub_of(request).all(User).get(session.user)


def browser_caller(request: Request) -> Caller | None:
    """The same person as a caller who may do everything, for the functions that ask who is calling."""
    user = browser_session(request)
    return None if user is None else Caller(user, Token(value="", user=user.name))


def csrf_token(request: Request) -> str:
    """What a form must send back in its field `csrf`; empty when nobody is signed in."""
    session = _session(request)
    return "" if session is None else session.csrf


def check_csrf(request: Request, sent: str) -> None:
    """Refuse a form that another site made the browser send."""
    if not hmac.compare_digest(csrf_token(request).encode(), sent.encode()) or not sent:
        raise HubError(403, "This form is out of date. Go back, reload the page and send it again")
    check_same_site(request)


def check_same_site(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HubError(403, "This form was sent by another site")


def local_path(target: str) -> str:
    """The target if it is a path on this Hub, else the front page: never a way out to another site."""
    if target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable():
        return target
    return "/"


def sign_in(hub: Hub, response: RedirectResponse, user: User) -> None:
    cookie = secrets.token_urlsafe(32)
    session = Session(user=user.name, csrf=secrets.token_urlsafe(16), expires_at=time.time() + LIFETIME)
    hub.all(Session).put(_key(cookie), session)
    response.set_cookie(COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="lax")


@router.get("/login")
def login_page(request: Request, hub: TheHub, next: str = "/") -> HTMLResponse:
    people = [user for user in hub.all(User) if user.type == "user"]
    return page(request, "login.html", people=people, next=local_path(next), user=browser_session(request))


@router.post("/login")
def login(
    request: Request, hub: TheHub, username: Annotated[str, Form()], next: Annotated[str, Form()] = "/"
) -> RedirectResponse:
    check_same_site(request)
    user = hub.all(User).get(username)
    if user is None or user.type != "user":
        raise HubError(400, "There is no such person on this Hub. Choose one of those on the sign-in page")
    response = RedirectResponse(local_path(next), status_code=303)
    sign_in(hub, response, user)
    return response


@router.post("/logout")
def logout(request: Request, hub: TheHub, csrf: Annotated[str, Form()] = "") -> RedirectResponse:
    check_csrf(request, csrf)
    hub.all(Session).delete(_key(request.cookies[COOKIE]))
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response


def _session(request: Request) -> Session | None:
    cookie = request.cookies.get(COOKIE)
    session = hub_of(request).all(Session).get(_key(cookie)) if cookie else None
    return session if session is not None and session.expires_at > time.time() else None


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
