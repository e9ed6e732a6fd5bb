"""The page of one run: how far it is, what was asked and answered, why the verdict, and what can be done."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain import messages_account, messages_page
from bot.domain.discretion import is_own, may_see
from bot.domain.models import ApiRef, Run, RunState
from bot.domain.people import Person
from bot.domain.snapshot import Snapshot, snapshot_of
from bot.domain.snippets import in_python, in_shell
from bot.domain.timeline import bars, still
from bot.web.actions import buttons_of, new_press
from bot.web.browser import Ctx, Visitor
from bot.web.render import message_page, page

SHOWN_EVENTS = 80

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}")
def run(request: Request, run_id: str, ctx: Ctx, visitor: Visitor) -> Response:
    view = visible_run(ctx, run_id, visitor)
    if view is None and visitor and (waiting := ctx.runs.get(run_id)) and _waits_for_another(waiting):
        sentence = messages_account.somebody_elses_request(visitor.name)
        return message_page(request, "Somebody else's request", sentence, status=403)
    if view is None:
        return message_page(request, "No such run", messages_page.no_such_run(), status=404)
    return page(request, "run.html", run_values(view, ctx, visitor) | {"press": new_press(), "job_log": ""})


def visible_run(ctx: Context, run_id: str, visitor: Person | None) -> Snapshot | None:
    """The run as it is now, if this visitor may see it: everyone may where the model is public."""
    found = ctx.runs.get(run_id)
    if found is None or not may_see(found, visitor):
        return None
    return snapshot_of(found, ctx.run_events.of(run_id))


def run_values(view: Snapshot, ctx: Context, visitor: Person | None) -> dict[str, object]:
    """What the run page and its live part are made of. Of one run that stands still it is always the same."""
    run = view.run
    is_owner = is_own(run, visitor)
    return {
        "view": view,
        "run": run,
        "bars": bars(view, ctx.clock()),
        "cost": run.cost(max(still(ctx.clock()), run.launched_at or 0, run.ended_at or 0)),
        "events": ctx.run_events.of(run.id)[-SHOWN_EVENTS:],
        "links": ctx.links,
        "has_thread": not isinstance(run.thread, ApiRef),
        "skipped": ctx.decisions.skipped_since(run.id),
        "is_owner": is_owner,
        "who_may_see": messages_page.who_may_see(run) if is_owner else "",
        "buttons": buttons_of(run, visitor, ctx),
        "snippets": _snippets(run, ctx),
    }


def _snippets(run: Run, ctx: Context) -> list[tuple[str, str]]:
    """How to call the Space from a program: each with its language."""
    report = run.report
    answered = next((probe for probe in report.probes if not probe.error), None) if report else None
    if not (report and report.space_id and answered):
        return []
    shell = in_shell(report.space_id, answered, ctx.links.hub)
    found = [("Python", in_python(report.space_id, answered))]
    return [*found, ("curl", shell)] if shell else found


def _waits_for_another(run: Run) -> bool:
    return run.state is RunState.WAITING_FOR_SIGN_IN
