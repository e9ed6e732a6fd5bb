"""The pages for people: what this is, the runs, one run, and whether all is well."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.context import Context
from bot.domain import messages_account
from bot.domain.commands import COMMANDS
from bot.domain.models import Run, RunState
from bot.domain.people import Person
from bot.domain.snapshot import Snapshot, snapshot_of
from bot.store.deliveries import DeliveryState
from bot.web.browser import Ctx, Visitor
from bot.web.render import message_page, page

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    runs = ctx.runs.visible_to(visitor.user_id if visitor else None, limit=5)
    return page(request, "home.html", {"commands": COMMANDS, "runs": runs})


@router.get("/runs")
def runs(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    found = ctx.runs.visible_to(visitor.user_id if visitor else None)
    return page(request, "runs.html", {"runs": found})


@router.get("/runs/{run_id}")
def run(request: Request, run_id: str, ctx: Ctx, visitor: Visitor) -> Response:
    view = visible_run(ctx, run_id, visitor)
    if view is None and visitor and (waiting := ctx.runs.get(run_id)) and _waits_for_another(waiting):
        sentence = messages_account.somebody_elses_request(visitor.name)
        return message_page(request, "Somebody else's request", sentence, status=403)
    if view is None:
        sentence = "There is no such run, or it is of a private model and you are not signed in as its owner."
        return message_page(request, "No such run", sentence, status=404)
    return page(request, "run.html", run_values(view, ctx, visitor))


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return JSONResponse({"ok": True})


@router.get("/readyz")
def readyz(ctx: Ctx) -> Response:
    """The database answers, and how much waits; 503 if it does not."""
    try:
        facts = {
            "open_runs": ctx.runs.count_open(),
            "deliveries_waiting": ctx.deliveries.count(DeliveryState.NEW),
            "deliveries_parked": ctx.deliveries.count(DeliveryState.PARKED),
        }
    except Exception:  # whatever the driver raises, the answer is the same
        return JSONResponse({"ok": False, "database": "does not answer"}, 503)
    return JSONResponse({"ok": True, **facts})


def visible_run(ctx: Context, run_id: str, visitor: Person | None) -> Snapshot | None:
    """The run as it is now, if this visitor may see it: everyone may where the model is public."""
    found = ctx.runs.get(run_id)
    if found is None or not _may_see(found, visitor):
        return None
    return snapshot_of(found, ctx.run_events.of(run_id))


def run_values(view: Snapshot, ctx: Context, visitor: Person | None) -> dict[str, object]:
    """What the run page and its live part are made of."""
    return {
        "view": view,
        "run": view.run,
        "events": ctx.run_events.of(view.run.id)[-40:],
        "links": ctx.links,
        "skipped": ctx.decisions.skipped_since(view.run.id),
        "is_owner": visitor is not None and visitor.user_id == view.run.requester.id,
    }


def _waits_for_another(run: Run) -> bool:
    return run.state is RunState.WAITING_FOR_SIGN_IN


def _may_see(run: Run, visitor: Person | None) -> bool:
    return not run.is_private or (visitor is not None and visitor.user_id == run.requester.id)
