"""`advance(run_id)`: the idempotent tick. Look at the run, make differences disappear, say when to look next.

Nothing sleeps here: a run that waits is a row with a time on it. A tick may be started at any moment, twice,
or in two processes; the claim lets one through, and the other's request is not lost.
"""

import logging
from dataclasses import replace
from functools import partial

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, HubUnavailable, LeaseLost, StaleWrite
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot, snapshot_of
from bot.log import fields
from bot.runs.announce import next_edit
from bot.runs.follow import next_look
from bot.runs.launch import errored
from bot.runs.steps import STEPS, Step
from bot.store.claims import Claim

log = logging.getLogger(__name__)

CLAIM_SECONDS = 180.0
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
MOST_TRIES = 20


def advance(run_id: str, ctx: Context) -> None:
    """Do all that can be done for this run now. Never raises."""
    while (claim := ctx.claims.claim(run_id, ctx.clock(), CLAIM_SECONDS)) is not None:
        due_at: float | None = ctx.clock() + FIRST_WAIT
        ctx.first_hand.holds(run_id, claim.before)
        try:
            due_at = _work_through(run_id, replace(ctx, lease=partial(_keep, claim, ctx), models_seen={}))
        except LeaseLost:
            log.warning("held up for too long: another looks after it", extra=fields(run=run_id))
            return
        finally:
            is_done = ctx.claims.release(claim, due_at)
        if is_done:
            return


def _work_through(run_id: str, ctx: Context) -> float | None:
    """Take every needed step; returns when to look next, or None if the run is settled."""
    while (view := _look(run_id, ctx)) and (step := next_step(view, ctx)):
        try:
            run = step.do(view, ctx)
            ctx.runs.save(run.model_copy(update={"tries": 0}))
        except StaleWrite:
            continue
        except LeaseLost:
            raise
        except Exception as error:
            return _trouble(view.run, step, error, ctx)
        log.info("step done", extra=fields(run=run_id, step=step.name, state=run.state))
    return next_time(view, ctx) if view else None


def _keep(claim: Claim, ctx: Context) -> None:
    """Just before an effect: is this run still ours? Then for some more time."""
    if not ctx.claims.renew(claim, ctx.clock(), CLAIM_SECONDS):
        raise LeaseLost(claim.run_id)


def _look(run_id: str, ctx: Context) -> Snapshot | None:
    run = ctx.runs.get(run_id)
    return snapshot_of(run, ctx.run_events.of(run_id)) if run else None


def next_step(view: Snapshot, ctx: Context) -> Step | None:
    """What this run needs now, if anything."""
    return next((step for step in STEPS if step.needed(view, ctx)), None)


def next_time(view: Snapshot, ctx: Context) -> float | None:
    """The earliest time at which something could be needed, if nothing is reported before."""
    run = view.run
    if run.is_settled:
        return None
    if run.state is RunState.WAITING_FOR_SIGN_IN:
        return run.created_at + ctx.limits.sign_in_seconds + 1
    is_outdated = run.message_id is not None and run.shown != view.digest
    edit = next_edit(view, ctx) if is_outdated else next_look(run, ctx)
    return min(edit, next_look(run, ctx))


def _trouble(run: Run, step: Step, error: Exception, ctx: Context) -> float | None:
    """A step failed: come back later; when it keeps failing, end the run and say so."""
    where = fields(run=run.id, step=step.name, tries=run.tries, problem=str(error)[:200])
    match error:
        case HubUnavailable() | HubError():
            log.warning("step failed", extra=where)
        case _:
            log.error("step failed", extra=where, exc_info=error)
    tried = run.model_copy(update={"tries": run.tries + 1})
    if run.tries + 1 >= MOST_TRIES:
        return _give_up(tried, error, ctx)
    _save_unless_stale(tried, ctx)
    asked_for = error.retry_after if isinstance(error, HubUnavailable) else None
    return ctx.clock() + (asked_for or min(FIRST_WAIT * 2**run.tries, LONGEST_WAIT))


def _give_up(run: Run, error: Exception, ctx: Context) -> float | None:
    """After `MOST_TRIES` (over an hour): a run that was not over is errored; one that was says no more."""
    if run.state.is_final:
        log.error("could not tell the requester", extra=fields(run=run.id))
        return None
    problem = messages.hub_down() if isinstance(error, HubUnavailable) else messages.our_fault()
    _save_unless_stale(errored(run, ctx, problem).model_copy(update={"tries": 0}), ctx)
    return ctx.clock()


def _save_unless_stale(run: Run, ctx: Context) -> None:
    try:
        ctx.runs.save(run)
    except StaleWrite:
        log.info("someone else changed the run", extra=fields(run=run.id))
