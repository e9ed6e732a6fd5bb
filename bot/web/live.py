"""GET /runs/{id}/events: the run page's living part as server-sent events, one whenever something changed.

Each event is the same HTML that the page was first made with, so there is one template and no client state:
after a break all of it comes again. Whoever asked for the run gets the end of its Job's log as well.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from bot.context import Context
from bot.domain.discretion import is_own
from bot.domain.people import Person
from bot.web.browser import Ctx, Visitor
from bot.web.job_log import JobLogs
from bot.web.render import fragment, message_page
from bot.web.run_page import run_values, visible_run

LOOK_SECONDS = 0.7
KEEP_ALIVE_LOOKS = 20

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}/events")
async def events(request: Request, run_id: str, ctx: Ctx, visitor: Visitor) -> Response:
    if await run_in_threadpool(visible_run, ctx, run_id, visitor) is None:
        return message_page(request, "No such run", "There is nothing to follow here.", status=404)
    stream = _changes(request, ctx, run_id, visitor)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _changes(request: Request, ctx: Context, run_id: str, visitor: Person | None) -> AsyncIterator[str]:
    """The parts as they are now, then what differs, until the run is settled or the browser leaves."""
    logs: JobLogs = request.app.state.job_logs
    shown: dict[str, str] = {}
    quiet = 0
    while not await request.is_disconnected():
        rendered = await run_in_threadpool(_render, ctx, logs, run_id, visitor)
        if rendered is None:
            return
        parts, is_settled = rendered
        for name, html in parts.items():
            if html != shown.get(name):
                shown[name], quiet = html, 0
                yield _event(name, html)
        if is_settled:
            yield _event("end", "")
            return
        quiet += 1
        if quiet % KEEP_ALIVE_LOOKS == 0:
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)


def _render(
    ctx: Context, logs: JobLogs, run_id: str, visitor: Person | None
) -> tuple[dict[str, str], bool] | None:
    """Each part by its name, and whether that was the last of it."""
    view = visible_run(ctx, run_id, visitor)
    if view is None:
        return None
    parts = {"run": fragment("_run.html", run_values(view, ctx, visitor))}
    if is_own(view.run, visitor) and (job_log := logs.known(view.run)):
        parts["log"] = fragment("_job_log.html", {"job_log": job_log})
    return parts, view.run.is_settled


def _event(name: str, html: str) -> str:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    return f"event: {name}\n{lines}\n"
