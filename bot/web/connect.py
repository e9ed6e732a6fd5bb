"""What connecting means, in plain words, and the button that begins it; `/c/…` is the same for one person.

Looking changes nothing, so that whatever opens links ahead of people burns none: only the button does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain import messages_account
from bot.domain.people import Person
from bot.hub.oauth import SCOPES
from bot.invitations import Invitation, State
from bot.store.preferences import BUDGET
from bot.web.browser import Ctx, Visitor
from bot.web.render import message_page, page
from bot.web.signin import is_own_form, own_page, send_to_hub

SENTENCES = {
    State.USED: messages_account.link_was_used,
    State.OLD: messages_account.link_is_old,
    State.UNKNOWN: messages_account.link_is_unknown,
}

router = APIRouter(include_in_schema=False)


@router.get("/connect")
def explain(request: Request, ctx: Ctx, visitor: Visitor, next: str = "/", scopes: str = "") -> Response:
    """For anybody; `scopes` are asked for in addition, separated by commas."""
    fields = {"next": own_page(next), "scopes": scopes}
    return connect_page(request, ctx, visitor, Offer("/connect", fields, _known(scopes)))


@router.post("/connect")
def begin(
    request: Request,
    ctx: Ctx,
    visitor: Visitor,
    next: Annotated[str, Form(max_length=200)] = "/",
    scopes: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    if not is_own_form(request, ctx.links.bot):
        return message_page(request, "Not connected", messages_account.foreign_form(), status=403)
    asked = _asked(ctx, visitor.user_id if visitor else None, _known(scopes))
    return send_to_hub(request, ctx, own_page(next), asked)


@router.get("/c/{code}")
def explain_to_one(request: Request, code: str, ctx: Ctx, visitor: Visitor) -> Response:
    invitation = ctx.invitations.look(code)
    if refused := _refusal(request, ctx, visitor, invitation):
        return refused
    offer = Offer(request.url.path, more=invitation.scopes, only_for=invitation.user_name)
    return connect_page(request, ctx, visitor, offer)


@router.post("/c/{code}")
def begin_for_one(request: Request, code: str, ctx: Ctx, visitor: Visitor) -> Response:
    """The link is used up when its person comes back from Hugging Face, and by nobody else."""
    if not is_own_form(request, ctx.links.bot):
        return message_page(request, "Not connected", messages_account.foreign_form(), status=403)
    invitation = ctx.invitations.look(code)
    if refused := _refusal(request, ctx, visitor, invitation):
        return refused
    asked = _asked(ctx, invitation.user_id, invitation.scopes)
    return send_to_hub(request, ctx, own_page(invitation.next_page), asked, invitation.code_hash)


@dataclass(frozen=True)
class Offer:
    """What a page offers: its button posts `fields` to `action`."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[str] = ()
    """Scopes besides those that everybody is asked for."""
    only_for: str = ""
    """The name of the one person whom it is for."""
    note: str = ""
    """Why the link that led here is no good."""
    is_about_discord: bool = False


def connect_page(
    request: Request, ctx: Context, visitor: Person | None, offer: Offer, *, status: int = 200
) -> Response:
    about = ctx.accounts.about(visitor.user_id) if visitor else None
    values = {
        "offer": offer,
        "about": about,
        "asked": _asked(ctx, visitor.user_id if visitor else None, offer.more),
        "granted": about.scopes if about else (),
        "why": messages_account.SCOPES,
        "kept": messages_account.KEPT,
        "price": ctx.prices.usd_per_minute(ctx.job_plan.flavor),
        "minutes": ctx.job_plan.minutes,
        "budget": BUDGET,
    }
    return page(request, "connect.html", values, status=status)


def _refusal(
    request: Request, ctx: Context, visitor: Person | None, invitation: Invitation
) -> Response | None:
    """The page for a link that is no good, or not this visitor's; nothing happens to it."""
    if invitation.state is State.GOOD:
        if visitor is None or visitor.user_id == invitation.user_id:
            return None
        sentence = messages_account.link_of_another(invitation.user_name, visitor.name)
        return page(request, "other_account.html", {"sentence": sentence}, status=403)
    fields = {"next": own_page(invitation.next_page), "scopes": ",".join(invitation.scopes)}
    offer = Offer("/connect", fields, invitation.scopes, note=SENTENCES[invitation.state]())
    return connect_page(request, ctx, visitor, offer, status=410)


def _asked(ctx: Context, user_id: str | None, more: Sequence[str]) -> tuple[str, ...]:
    """What we always take, what this person granted before, and these."""
    before = ctx.accounts.scopes_of(user_id) if user_id else None
    return tuple(dict.fromkeys((*SCOPES, *sorted(before or ()), *more)))


def _known(scopes: str) -> tuple[str, ...]:
    """Nobody makes us ask for what we have no use for."""
    return tuple(scope for scope in scopes.split(",") if scope in messages_account.SCOPES)
