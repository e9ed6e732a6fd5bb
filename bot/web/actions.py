"""The buttons of a run: each is a command of the one table, pressed instead of written."""

import re
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from bot.context import Context
from bot.domain import messages_page
from bot.domain.commands import BY_NAME
from bot.domain.discretion import is_own, may_see
from bot.domain.models import Requester, Run
from bot.domain.people import Person
from bot.web.api.answers import RequestAnswer, RequestState
from bot.web.api.commands import RUN_ID, done_once
from bot.web.api.problems import STATUSES
from bot.web.browser import Ctx
from bot.web.own_forms import Presser
from bot.web.render import message_page, page

WITHIN = 15.0
"""Seconds that a person looks at a button before they are told to come back."""
PRESS = re.compile(r"[\w-]{16,64}\Z", re.ASCII)
Press = Annotated[str, Form(pattern="^[A-Za-z0-9_-]{16,64}$")]
"""What tells one press from the next: the same form sent twice is one request. A \\w would stand for the
letters of all scripts here, 64 times over: 7 MB."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Button:
    verb: str
    label: str
    does: str


def buttons_of(run: Run, visitor: Person | None, ctx: Context) -> list[Button]:
    """What this visitor may do about this run now, by the command table."""
    if visitor is None:
        return []
    verbs = _own_verbs(run) if is_own(run, visitor) else []
    if run.model_id and may_see(run, visitor):
        watched = {watch.model_id for watch in ctx.watches.of(visitor.user_id)}
        verbs.append("unwatch" if run.model_id in watched else "watch")
    return [Button(verb, verb.capitalize(), BY_NAME[verb].does) for verb in verbs]


def _own_verbs(run: Run) -> list[str]:
    """The requester's own commands."""
    if not run.state.is_final:
        return [] if run.cancelled_by else ["cancel"]
    verbs = ["retry"]
    if run.report and run.report.space_id:
        verbs.append("validate")
    if run.report and run.report.previous_commit:
        verbs.append("rollback")
    return verbs


def new_press() -> str:
    return secrets.token_urlsafe(18)


@router.post("/runs/{run_id}/{verb}")
async def do(
    request: Request,
    run_id: Annotated[str, Path(pattern=RUN_ID)],
    verb: Annotated[str, Path(pattern=r"^[a-z]{1,20}$")],
    ctx: Ctx,
    visitor: Presser,
    press: Press,
) -> Response:
    """Whatever was shown before: whether it may be done is decided where every command is decided."""
    run = await run_in_threadpool(ctx.runs.get, run_id)
    about = None if run is None or not may_see(run, visitor) else _about(run, verb)
    if about is None:
        sentence = messages_page.nothing_of_that_name()
        return await run_in_threadpool(message_page, request, "No such run", sentence, status=404)
    return await carried_out(request, visitor, (verb, about), press)


def _about(run: Run, verb: str) -> str | None:
    if verb in {"watch", "unwatch"}:
        return run.model_id or None
    if verb == "validate":
        return run.report.space_id if run.report else None
    return run.id if verb in {"cancel", "retry", "rollback"} else None


async def carried_out(request: Request, visitor: Person, words: tuple[str, ...], press: str) -> Response:
    """The command has been done: its run's page, or its sentence."""
    who = Requester(id=visitor.user_id, name=visitor.name)
    answer = await done_once(request, who, words, f"page {words[0]} {press}", WITHIN)
    if answer.run and answer.state is RequestState.DONE:
        return RedirectResponse(f"/runs/{answer.run}", 303)
    return await run_in_threadpool(_told, request, words[0], answer)


def _told(request: Request, verb: str, answer: RequestAnswer) -> Response:
    status = STATUSES.get(answer.code or "", 422) if answer.state is RequestState.REFUSED else 200
    titles = {RequestState.REFUSED: "Not done", RequestState.WAITING: "Under way"}
    values = {
        "title": titles.get(answer.state, verb.capitalize()),
        "sentence": answer.sentence or messages_page.still_deciding(),
        "run_id": answer.run,
    }
    return page(request, "answer.html", values, status=status)
