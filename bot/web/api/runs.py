"""Runs and watches over the API: lists, one run, what its worker told, its log, a stream of its changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from bot.context import Context
from bot.domain import messages_api
from bot.domain.discretion import may_see
from bot.domain.models import Run, RunState
from bot.domain.people import Person
from bot.runs.cost import spent_this_month
from bot.store.history import Search
from bot.web.api.answers import Answer, RunAnswer, WatchAnswer, run_answer, watch_answer
from bot.web.api.callers import Anybody, Caller, Callers, Somebody
from bot.web.api.commands import RUN_ID
from bot.web.api.problems import ANY_CALL, DOCUMENTED, REFUSALS, Problem, SpokenJson
from bot.web.browser import Ctx
from bot.web.door import address_of
from handlers.logs import last_lines
from worker.contract import ProgressEvent

LOOK_SECONDS = 0.7
KEEP_ALIVE_LOOKS = 20
STREAM_LOOKS = 1300
"""About a quarter of an hour; whoever still listens opens another."""

RunId = Annotated[str, Path(pattern=RUN_ID)]
OPEN: dict[str, Any] = {"security": [{}]}
"""Added to the ways of saying who calls: it may be left out."""

router = APIRouter(
    prefix="/api",
    tags=["reading"],
    default_response_class=SpokenJson,
    generate_unique_id_function=lambda route: route.name,
)


class RunList(Answer):
    runs: list[RunAnswer]
    """Newest first."""


class EventList(Answer):
    events: list[ProgressEvent]
    """In the order in which the worker sent them."""


class LogAnswer(Answer):
    lines: list[str]


class WatchList(Answer):
    watches: list[WatchAnswer]


class Me(Answer):
    """Whom this key or token speaks for."""

    id: str
    name: str
    connected: bool
    """Whether runs can start at once; else they wait until you sign in."""
    scopes: list[str]
    spent_this_month_usd: float
    monthly_budget_usd: float
    budget_usd: float
    """The most that a run of yours may cost, where it says nothing else."""


@router.get("/me", responses=ANY_CALL)
def who_am_i(caller: Somebody, ctx: Ctx) -> Me:
    """Whom this key or token speaks for, and what they allow."""
    who = caller.requester
    settings = ctx.preferences.of(who.id)
    scopes = ctx.accounts.scopes_of(who.id)
    return Me(
        id=who.id,
        name=who.name,
        connected=scopes is not None,
        scopes=sorted(scopes or ()),
        spent_this_month_usd=spent_this_month(who.id, ctx),
        monthly_budget_usd=settings.monthly_budget,
        budget_usd=settings.budget,
    )


@router.get("/runs", responses=REFUSALS)
def list_runs(
    caller: Somebody,
    ctx: Ctx,
    state: Annotated[RunState | Literal["open"] | None, Query(description="`open`: not over.")] = None,
    model: Annotated[str, Query(max_length=200, description="A part of its name, or of the Space's.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[str | None, Query(pattern=RUN_ID, description="Only runs older than this one.")] = None,
) -> RunList:
    """Your own runs, newest first."""
    last = _visible(ctx, before, caller) if before else None
    search = Search(caller.requester.id, only_own=True, state=state or "", model=model, older_than=last)
    return RunList(runs=[run_answer(run, ctx) for run in ctx.history.find(search, limit)])


@router.get("/runs/{run_id}", responses=REFUSALS, openapi_extra=OPEN)
def read_run(caller: Anybody, ctx: Ctx, run_id: RunId) -> RunAnswer:
    """A run as it is now. One of a public model may be read by anybody, without a key."""
    return run_answer(_visible(ctx, run_id, caller), ctx)


@router.get("/runs/{run_id}/events", responses=REFUSALS, openapi_extra=OPEN)
def read_events(
    caller: Anybody, ctx: Ctx, run_id: RunId, after: Annotated[int, Query(ge=0)] = 0
) -> EventList:
    """What its worker has told; `after` is the `seq` of the last one that you know."""
    run = _visible(ctx, run_id, caller)
    return EventList(events=[event for event in ctx.run_events.of(run.id) if event.seq > after])


@router.get("/runs/{run_id}/logs", responses=REFUSALS | {403: DOCUMENTED[403]})
def read_log(
    caller: Somebody, ctx: Ctx, run_id: RunId, lines: Annotated[int, Query(ge=1, le=1000)] = 100
) -> LogAnswer:
    """The end of its Job's log, for whoever asked for the run."""
    run = _visible(ctx, run_id, caller)
    if run.requester.id != caller.requester.id:
        raise Problem(403, "E_ROLE", messages_api.not_your_run())
    return LogAnswer(lines=last_lines(run, ctx, lines))


@router.get(
    "/runs/{run_id}/stream",
    response_class=StreamingResponse,
    openapi_extra=OPEN,
    responses=REFUSALS | {200: {"content": {"text/event-stream": {}}, "description": "A stream of events."}},
)
async def stream_run(request: Request, caller: Anybody, ctx: Ctx, run_id: RunId) -> Response:
    """The run each time it has changed, as server-sent events: `run` with the run as JSON, and `end`. It is
    closed after a quarter of an hour; open it again."""
    await run_in_threadpool(_visible, ctx, run_id, caller)
    callers: Callers = request.app.state.callers
    held = ExitStack()
    held.enter_context(callers.streaming(caller.requester.id if caller else address_of(request)))
    return _Stream(_changes(request, ctx, run_id, caller), held)


@router.get("/watches", responses=ANY_CALL)
def list_watches(caller: Somebody, ctx: Ctx) -> WatchList:
    """The models that you watch."""
    return WatchList(watches=[watch_answer(each) for each in ctx.watches.of(caller.requester.id)])


class _Stream(StreamingResponse):
    """Server-sent events; what it holds is given back however it ends."""

    def __init__(self, events: AsyncIterator[str], held: ExitStack) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


async def _changes(request: Request, ctx: Context, run_id: str, caller: Caller | None) -> AsyncIterator[str]:
    shown = ""
    for look in range(STREAM_LOOKS):
        run = await run_in_threadpool(ctx.runs.get, run_id)
        if run is None or not _may_see(run, caller) or await request.is_disconnected():
            return
        said = await run_in_threadpool(_as_json, run, ctx)
        if said != shown:
            shown = said
            yield f"event: run\ndata: {said}\n\n"
        elif look % KEEP_ALIVE_LOOKS == 0:
            yield ": still here\n\n"
        if run.state.is_final:
            yield "event: end\ndata:\n\n"
            return
        await asyncio.sleep(LOOK_SECONDS)


def _as_json(run: Run, ctx: Context) -> str:
    """Without what changes by itself, so that a change is one."""
    answer = run_answer(run, ctx)
    still = answer if run.state.is_final else answer.model_copy(update={"cost_usd": None})
    return bytes(SpokenJson(still.model_dump(mode="json")).body).decode()


def _visible(ctx: Context, run_id: str, caller: Caller | None) -> Run:
    """By the run page's own rule."""
    run = ctx.runs.get(run_id)
    if run is None or not _may_see(run, caller):
        raise Problem(404, "E_RUN", messages_api.no_such_run())
    return run


def _may_see(run: Run, caller: Caller | None) -> bool:
    return may_see(run, Person(caller.requester.id, caller.requester.name) if caller else None)
