"""POST /api/runs/{id}/reports: a worker calls home with its run's own key."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from bot.context import Context
from bot.domain.models import Run
from bot.runs.doubles import stop_newer_jobs
from bot.runs.progress import is_report_key, take_report
from bot.web.webhooks import bounded_body
from worker.contract import ReportCall

BODY_LIMIT = 1 << 20

router = APIRouter()


@router.post("/api/runs/{run_id}/reports", include_in_schema=False)
async def report(run_id: str, request: Request) -> Response:
    """204 when it is kept. The same report again, or an older one, changes nothing."""
    ctx: Context = request.app.state.ctx
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not is_report_key(ctx, run_id, key):
        return _no(401, "This key is not the run's.")
    body = await bounded_body(request, BODY_LIMIT)
    if body is None:
        return _no(413, "The report is too large.")
    try:
        call = ReportCall.model_validate_json(body)
    except ValidationError:
        return _no(400, "The body is not a report.")
    run = await run_in_threadpool(ctx.runs.get, run_id)
    if run is None:
        # We gave it this key, so it was there once: it may be found again.
        return _no(503, "This run is not known at the moment. Please try again later.")
    if not await run_in_threadpool(_keep, ctx, run, call):
        return _no(404, "This report is not the run's.")
    return Response(status_code=204)


def _keep(ctx: Context, run: Run, call: ReportCall) -> bool:
    """False if the report speaks of another run, or a Job sends it that is not the run's."""
    if call.run_id != run.id or (call.report is not None and call.report.run_id != run.id):
        return False
    if run.job_id and call.job_id and call.job_id != run.job_id:
        stop_newer_jobs(run, ctx)
        return False
    take_report(ctx, call)
    return True


def _no(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
