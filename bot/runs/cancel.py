"""Somebody asked for the run to be stopped, or something newer replaces it: its Job is, and it is over."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.runs.launch import jobs_of


def is_cancelled(view: Snapshot, _ctx: Context) -> bool:
    is_asked_for = view.run.cancelled_by is not None or view.run.superseded_by is not None
    return is_asked_for and not view.run.state.is_final


def cancel(view: Snapshot, ctx: Context) -> Run:
    """A Job that was launched just before a crash is found by its label."""
    run = view.run
    problem = None
    if run.state is not RunState.WAITING_FOR_SIGN_IN:
        try:
            problem = _stop(run, ctx)
        except TokenGone:
            problem = messages.job_not_stopped(ctx.links.job(run))
    state = RunState.CANCELLED if run.cancelled_by else RunState.SUPERSEDED
    changed = {"state": state, "problem": problem, "ended_at": ctx.clock()}
    return run.model_copy(update=changed)


def _stop(run: Run, ctx: Context) -> str | None:
    with jobs_of(run, ctx) as jobs:
        job = jobs.find(run.id)
        if job is None or job.is_over:
            return None
        ctx.lease()
        try:
            jobs.cancel(job.id)
        except HubError:
            return messages.job_not_stopped(ctx.links.job(run))
    return None
