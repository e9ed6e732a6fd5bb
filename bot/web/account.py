"""A person's account: what they allowed and why, what it cost, their limits, their data, and the way out."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.context import Context
from bot.domain import messages_account, messages_page
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.models import Notify
from bot.domain.options import FLAVOR, LARGEST_BUDGET
from bot.domain.people import Person
from bot.hub.records import has_private_bucket
from bot.runs.cost import spent_this_month
from bot.store.preferences import UserSettings
from bot.web.actions import new_press
from bot.web.browser import Ctx, Visitor, take_cookie
from bot.web.own_forms import Presser
from bot.web.render import message_page, page
from handlers.disconnect import erase
from worker.contract import RECORD_BUCKET

router = APIRouter(include_in_schema=False)


class SettingsForm(BaseModel):
    """What the form may hold; amounts in dollars."""

    model_config = ConfigDict(extra="forbid")

    notify: Notify
    budget: float = Field(gt=0, le=LARGEST_BUDGET)
    monthly_budget: float = Field(gt=0, le=10 * LARGEST_BUDGET)
    hardware: str = ""

    @field_validator("hardware")
    @classmethod
    def _is_a_flavor(cls, value: str) -> str:
        if value and not FLAVOR.match(value):
            raise ValueError("the Hub's name of a hardware, like t4-small")
        return value


@router.get("/account")
def account(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    if visitor is None:
        return _sign_in_first(request)
    values = {
        "about": ctx.accounts.about(visitor.user_id),
        "why": messages_account.SCOPES,
        "kept": messages_account.KEPT,
        "settings": ctx.preferences.of(visitor.user_id),
        "spent": spent_this_month(visitor.user_id, ctx),
        "price": ctx.prices.usd_per_minute(ctx.job_plan.flavor),
        "minutes": ctx.job_plan.minutes,
        "levels": list(Notify),
        "keys": ctx.api_keys.of(visitor.user_id),
        "discord": ctx.discord_links.of_hub(visitor.user_id),
        "watches": ctx.watches.of(visitor.user_id),
        "bucket": f"{visitor.name}/{RECORD_BUCKET}",
        "press": new_press(),
    }
    return page(request, "account.html", values)


@router.post("/account")
def change(ctx: Ctx, visitor: Presser, form: Annotated[SettingsForm, Form()]) -> Response:
    """Keep the settings."""
    ctx.preferences.put(
        UserSettings(visitor.user_id, form.notify, form.budget, form.monthly_budget, form.hardware or None)
    )
    return RedirectResponse("/account", 303)


@router.post("/account/bucket")
def bucket(request: Request, ctx: Ctx, visitor: Presser) -> Response:
    """Where the records are kept is looked at, and made if it is not there."""
    name = f"{visitor.name}/{RECORD_BUCKET}"
    try:
        with ctx.accounts.acting_for(visitor.user_id) as (hub, _):
            is_private = has_private_bucket(hub, visitor.name)
    except (TokenGone, HubError, HubUnavailable) as error:
        said = messages_page.bucket_refused(str(error))
        return page(request, "answer.html", {"title": "Not looked at", "sentence": said, "run_id": None})
    told = messages_page.bucket_is_there if is_private else messages_page.bucket_is_public
    values = {"title": "Your records", "sentence": told(name, ctx.links), "run_id": None}
    return page(request, "answer.html", values)


@router.get("/account/export")
def export(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    """All that is kept about this person, without the tokens."""
    if visitor is None:
        return _sign_in_first(request)
    headers = {"Content-Disposition": 'attachment; filename="space-factory.json"'}
    return JSONResponse(_everything(ctx, visitor), headers=headers)


@router.post("/account/disconnect")
def disconnect(request: Request, ctx: Ctx, visitor: Presser) -> Response:
    """Erase, and show the receipt."""
    receipt, decisions = erase(visitor.user_id, ctx)
    sentence = messages_account.erased(receipt.sessions, decisions)
    response = message_page(request, "Disconnected", sentence, status=200)
    take_cookie(request, response, "session")
    return response


def _everything(ctx: Context, person: Person) -> dict[str, object]:
    runs = [run for run in ctx.runs.visible_to(person.user_id, 1000) if run.requester.id == person.user_id]
    return {
        "account": asdict(ctx.accounts.about(person.user_id)),
        "settings": asdict(ctx.preferences.of(person.user_id)),
        "discord": [asdict(link) for link in ctx.discord_links.of_hub(person.user_id)],
        "keys": [asdict(replace(key, key_hash="")) for key in ctx.api_keys.of(person.user_id)],
        "runs": [run.model_dump(mode="json") for run in runs],
        "waiting": [asdict(each) for each in ctx.waiting_requests.of(person.user_id, not_before=0)],
        "watches": [watch.model_dump(mode="json") for watch in ctx.watches.of(person.user_id)],
        "decisions": [asdict(decision) for decision in ctx.decisions.about(person.user_id)],
    }


def _sign_in_first(request: Request) -> Response:
    return message_page(request, "Sign in first", messages_account.sign_in_first(), status=401)
