"""The pages that link a Discord account: prove it, sign in with Hugging Face, confirm."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.domain import messages_account
from bot.domain.errors import HubUnavailable, UserError
from bot.hub.oauth import SCOPES
from bot.web.browser import Ctx, Visitor, cookie, give_cookie, take_cookie
from bot.web.connect import Offer, connect_page
from bot.web.own_forms import Presser
from bot.web.render import message_page, page
from bot.web.signin import is_own_form, send_to_hub
from handlers.linking import link

COOKIE = "discord"
CONFIRM = "/discord/confirm"

router = APIRouter(include_in_schema=False, prefix="/discord")


@router.get("/connect")
def explain(request: Request, ctx: Ctx, visitor: Visitor, ticket: str = "") -> Response:
    """The link from Discord, which looking at does not use."""
    try:
        ctx.discord_accounts.look(ticket)
    except UserError as refused:
        return _refused(request, refused)
    return connect_page(
        request, ctx, visitor, Offer("/discord/connect", {"ticket": ticket}, is_about_discord=True)
    )


@router.post("/connect")
def begin(request: Request, ctx: Ctx, ticket: Annotated[str, Form(max_length=64)] = "") -> Response:
    """This browser has to show that it is whom the link was made for."""
    if not is_own_form(request, ctx.links.bot):
        return message_page(request, "Not connected", messages_account.foreign_form(), status=403)
    browser = secrets.token_urlsafe(24)
    try:
        there = ctx.discord_accounts.begin(ticket, browser)
    except UserError as refused:
        return _refused(request, refused)
    response = RedirectResponse(there, 303)
    give_cookie(request, response, COOKIE, browser)
    return response


@router.get("/callback")
def prove(request: Request, ctx: Ctx, visitor: Visitor, state: str = "", code: str = "") -> Response:
    """Discord sends the browser back here; what is missing then is Hugging Face."""
    try:
        ctx.discord_accounts.prove(cookie(request, COOKIE), state, code)
    except UserError as refused:
        return _refused(request, refused)
    except HubUnavailable:
        sentence = "Discord could not be reached. Please open the link again in a minute."
        return message_page(request, "Not connected", sentence, status=503)
    return RedirectResponse(CONFIRM, 303) if visitor else send_to_hub(request, ctx, CONFIRM, SCOPES)


@router.get("/confirm")
def ask(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    """Both names, and nothing happens before the button."""
    if visitor is None:
        return RedirectResponse(f"/connect?next={CONFIRM}", 303)
    browser = cookie(request, COOKIE)
    try:
        proof = ctx.discord_accounts.proof(browser)
    except UserError as refused:
        return _refused(request, refused)
    values = {
        "discord_name": proof.discord_name,
        "key": ctx.discord_accounts.form_key(browser, visitor.user_id),
        "before": ctx.discord_links.of(proof.discord_id or ""),
    }
    return page(request, "discord_confirm.html", values)


@router.post("/confirm")
def confirm(
    request: Request, ctx: Ctx, visitor: Presser, key: Annotated[str, Form(max_length=64)]
) -> Response:
    browser = cookie(request, COOKIE)
    try:
        link(browser, key, visitor, ctx)
    except UserError as refused:
        return _refused(request, refused)
    sentence = "Your accounts are connected. You can close this page and go on in Discord."
    response = message_page(request, "Connected", sentence, status=200)
    take_cookie(request, response, COOKIE)
    return response


def _refused(request: Request, refused: UserError) -> Response:
    sentence = f"{refused} Use /connect in Discord for a new link."
    return message_page(request, "Not connected", sentence, status=400)
