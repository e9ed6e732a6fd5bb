"""The forms for what starts a Job: filled in, shown as a plan, and asked for by a second press only."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from bot.context import Context
from bot.domain import messages_account, messages_page, options
from bot.domain.commands import BY_NAME, CommandRow, Target
from bot.domain.errors import HubError, HubUnavailable, UserError
from bot.domain.forms import NOT_SAID, fields_of, target_of, words_of
from bot.domain.meanings import APPS
from bot.domain.models import ApiRef, Requester
from bot.domain.parser import Command, command_of
from bot.domain.people import Person
from bot.web.actions import PRESS, carried_out, new_press
from bot.web.browser import Ctx, Visitor
from bot.web.own_forms import Presser
from bot.web.render import page
from handlers.asked import Asked
from handlers.foresee import foresee
from worker.contract import APP_PREFIX, App

VERBS = ("build", "validate", "watch", "unwatch")
LONGEST = 2000
"""Characters of a field."""
RECENT = 20

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Filled:
    """A form as it came; `trouble` is the sentence that says why it went no further."""

    row: CommandRow
    given: Mapping[str, str]
    trouble: str = ""


def _show(request: Request, ctx: Context, visitor: Person | None, filled: Filled) -> Response:
    row = filled.row
    values = {
        "row": row,
        "target": target_of(row),
        "about": filled.given.get(target_of(row), ""),
        "fields": fields_of(row, filled.given, _offers(row, ctx)),
        "trouble": filled.trouble,
        "known": _known(row, ctx, visitor),
        "apps": [(f"{APP_PREFIX}{app}", APPS[app]) for app in App] if row.takes_apps else [],
    }
    return page(request, "form.html", values, status=422 if filled.trouble else 200)


def _offers(row: CommandRow, ctx: Context) -> dict[str, tuple[tuple[str, str], ...]]:
    """Hardware with its price; nothing where the Hub does not say it."""
    if options.HARDWARE not in row.options or not (known := ctx.prices.of_spaces()):
        return {}
    priced = [(each.name, f"{each.title}, ${60 * each.usd_per_minute:.2f} an hour") for each in known]
    paid = [each for each, offer in zip(priced, known, strict=True) if offer.usd_per_minute]
    hardware = ((NOT_SAID, "found out for each model"), *priced)
    fallback = ((NOT_SAID, "nothing"), ("any", "any that fits"), *paid)
    return {options.HARDWARE.key: hardware, options.FALLBACK.key: fallback}


def _known(row: CommandRow, ctx: Context, visitor: Person | None) -> list[str]:
    """What this person has had in hand before, newest first."""
    runs = ctx.runs.newest_by(visitor.user_id, RECENT) if visitor else []
    if row.target is Target.SPACE:
        names = [run.report.space_id for run in runs if run.report]
    else:
        apps = App if row.takes_apps else ()
        names = [*(run.model_id for run in runs), *(f"{APP_PREFIX}{app}" for app in apps)]
    return list(dict.fromkeys(name for name in names if name))


async def _given(request: Request, row: CommandRow) -> dict[str, str]:
    names = {target_of(row), "force", "press", *(option.key for option in row.options)}
    async with request.form(max_files=0, max_fields=40) as form:
        return {key: str(value)[:LONGEST] for key, value in form.items() if key in names}


def _add(row: CommandRow) -> None:
    @router.get(f"/{row.name}", name=row.name)
    def form(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
        """What is in the address stands in the fields, so that a form can be shared."""
        given = {key: value[:LONGEST] for key, value in request.query_params.items()}
        return _show(request, ctx, visitor, Filled(row, given))

    @router.post(f"/{row.name}", name=f"plan of {row.name}")
    async def plan(request: Request, ctx: Ctx, visitor: Presser) -> Response:
        """Nothing is spent: what would happen is shown, with the button that has it happen."""
        return await run_in_threadpool(_plan, request, ctx, visitor, Filled(row, await _given(request, row)))

    @router.post(f"/{row.name}/go", name=f"go and {row.name}")
    async def go(request: Request, ctx: Ctx, visitor: Presser) -> Response:
        given = await _given(request, row)
        try:
            press = _checked(row, given)
        except UserError as error:
            filled = Filled(row, given, str(error))
            return await run_in_threadpool(_show, request, ctx, visitor, filled)
        return await carried_out(request, visitor, words_of(row, given), press)

    @router.post(f"/{row.name}/change", name=f"change the {row.name}")
    async def change(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
        """Back from the plan, with all that stood in the fields."""
        return await run_in_threadpool(_show, request, ctx, visitor, Filled(row, await _given(request, row)))


def _command(row: CommandRow, given: Mapping[str, str]) -> Command:
    command = command_of(list(words_of(row, given)))
    if command.target is None:
        raise UserError("E_OPT", messages_page.which_one(row))
    return command


def _checked(row: CommandRow, given: Mapping[str, str]) -> str:
    """The press of a plan's button. UserError for what no plan of ours would send."""
    _command(row, given)
    press = given.get("press", "")
    if not PRESS.match(press):
        raise UserError("E_OPT", messages_account.foreign_form())
    return press


def _plan(request: Request, ctx: Context, visitor: Person, filled: Filled) -> Response:
    row, given = filled.row, filled.given
    try:
        command = _command(row, given)
        who = Requester(id=visitor.user_id, name=visitor.name)
        asked = Asked("foreseen", who, ApiRef(user_id=who.id))
        foresight = foresee(command, asked, ctx) if row.spends else None
    except UserError as error:
        return _show(request, ctx, visitor, Filled(row, given, str(error)))
    except (HubUnavailable, HubError):
        return _show(request, ctx, visitor, Filled(row, given, messages_page.hub_is_away()))
    values = {
        "row": row,
        "words": " ".join(words_of(row, given)),
        "given": given,
        "foresight": foresight,
        "press": new_press(),
        "about": command.target,
        "is_unproven": command.wishes.trust_remote_code,
    }
    return page(request, "plan.html", values)


for _verb in VERBS:
    _add(BY_NAME[_verb])
