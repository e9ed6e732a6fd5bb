"""Somebody asked for the run to be stopped: its Job is, and the run is over."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.runs.launch import jobs_of


def is_cancelled(view: Snapshot, _ctx: Context) -> bool:
    return view.run.cancelled_by is not None and not view.run.state.is_final


def cancel(view: Snapshot, ctx: Context) -> Run:
    """A Job that was launched just before a crash is found by its label."""
    run = view.run
    problem = None
    if run.state is not RunState.WAITING_FOR_SIGN_IN:
        try:
            problem = _stop(run, ctx)
        except TokenGone:
            ctx.accounts.refused(run.requester.id)
            problem = messages.job_not_stopped(ctx.links.job(run))
    changed = {"state": RunState.CANCELLED, "problem": problem, "ended_at": ctx.clock()}
    return run.model_copy(update=changed)


def _stop(run: Run, ctx: Context) -> str | None:
    jobs = jobs_of(run, ctx)
    job = jobs.find(run.id)
    if job is None or job.is_over:
        return None
    try:
        jobs.cancel(job.id)
    except HubError:
        return messages.job_not_stopped(ctx.links.job(run))
    return None
