"""For machines: does the process live, can it work and what does it lack; and Prometheus's figures."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.background import BackgroundTask

from bot.store.deliveries import DeliveryState
from bot.store.moments import Moment
from bot.web.browser import Ctx
from bot.web.metrics import exposition
from bot.web.status import ANSWERS, HubHealth, dependencies

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return JSONResponse({"ok": True})


@router.get("/readyz")
def readyz(request: Request, ctx: Ctx) -> Response:
    """Whether it can work, how much waits, and each thing that it depends on; 503 without a database. Times
    are seconds since the epoch: of the last copy of the state, and of catching up on some threads only.

    The Hub and Discord may be away: what they are needed for waits. The Hub is asked after the answer, so
    that it can't hold it up.
    """
    health: HubHealth = request.app.state.hub_health
    depends_on = dependencies(ctx, is_hub_well=health.known())
    try:
        facts = {
            "open_runs": ctx.runs.count_open(),
            "deliveries_waiting": ctx.deliveries.count(DeliveryState.NEW),
            "deliveries_parked": ctx.deliveries.count(DeliveryState.PARKED),
            "state_kept_at": ctx.moments.get(Moment.KEPT),
            "caught_up_in_part_at": ctx.moments.get(Moment.CUT_SHORT),
            "dependencies": depends_on,
        }
    except Exception:  # whatever the driver raises, the answer is the same
        without = {"database": ANSWERS[False]}
        return JSONResponse({"ok": False, **without, "dependencies": depends_on | without}, 503)
    return JSONResponse({"ok": True, **facts}, background=BackgroundTask(health.refresh))


@router.get("/metrics")
def metrics(request: Request, ctx: Ctx) -> Response:
    """Figures that name nobody, so that they need no door of their own."""
    health: HubHealth = request.app.state.hub_health
    figures = exposition(ctx, hub_is_well=health.known())
    return Response(figures, media_type=PROMETHEUS, background=BackgroundTask(health.refresh))
