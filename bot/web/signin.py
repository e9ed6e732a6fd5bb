"""Sign in with Hugging Face, and out again."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.context import Context
from bot.domain import messages_account
from bot.domain.errors import HubUnavailable, UserError
from bot.web.browser import Ctx, cookie, give_cookie, take_cookie
from bot.web.render import message_page, page
from handlers.waiting import go_on

NEXT_PAGES = re.compile(r"^/(account|build|validate|watch|runs(/r_[0-9a-f]{16})?|discord/confirm)?\Z")

router = APIRouter(include_in_schema=False)


@router.get("/signin")
def elsewhere(next: str = "/") -> Response:
    """Where links of earlier days lead."""
    return RedirectResponse(f"/connect?next={quote(own_page(next))}", 303)


def send_to_hub(
    request: Request, ctx: Context, next_page: str, scopes: Sequence[str], invitation: str | None = None
) -> Response:
    """Send the browser to the Hub, to come back to `/callback`. Only what a person did may call it."""
    browser = secrets.token_urlsafe(24)
    there = ctx.accounts.begin_sign_in(browser, next_page, scopes, invitation)
    response = RedirectResponse(there, 303)
    give_cookie(request, response, "sign-in", browser)
    return response


@router.get("/callback")
def finish(request: Request, ctx: Ctx, state: str = "", code: str = "", error: str = "") -> Response:
    """The Hub sends the browser back here."""
    if error or not code:
        ctx.accounts.abandon_sign_in(state)
        sentence = "You did not allow it, so nothing was connected and nothing is stored."
        return message_page(request, "Not connected", sentence, status=400)
    try:
        person, there = ctx.accounts.finish_sign_in(cookie(request, "sign-in"), state, code)
    except UserError as refused:
        return _refused(request, refused)
    except HubUnavailable:
        sentence = "Hugging Face could not be reached. Please sign in again in a minute."
        return message_page(request, "Not connected", sentence, status=503)
    for run in ctx.runs.waiting_of(person.user_id):
        ctx.look_at(run.id)
    go_on(person.user_id, ctx)
    response = RedirectResponse(there, 303)
    give_cookie(request, response, "session", ctx.accounts.begin_session(person.user_id))
    take_cookie(request, response, "sign-in")
    return response


@router.post("/signout")
def end(request: Request, ctx: Ctx) -> Response:
    """Ends this browser's session. The cookie is SameSite=Lax, so no other site can post it; the Origin is
    looked at all the same."""
    if not is_own_form(request, ctx.links.bot):
        return message_page(request, "Not signed out", messages_account.foreign_form(), status=403)
    ctx.accounts.end_session(cookie(request, "session"))
    response = RedirectResponse("/", 303)
    take_cookie(request, response, "session")
    return response


def is_own_form(request: Request, own: str) -> bool:
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc in {urlsplit(own).netloc, request.headers.get("host", "")}


def own_page(there: str) -> str:
    """One of our own pages, or the front page."""
    return there if NEXT_PAGES.match(there) else "/"


def _refused(request: Request, refused: UserError) -> Response:
    if refused.code == "E_OTHER":
        return page(request, "other_account.html", {"sentence": str(refused)}, status=403)
    return message_page(request, "Not connected", f"{refused} Please sign in again.", status=400)
