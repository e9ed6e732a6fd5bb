"""Launch the worker's Job with the requester's token, in the requester's namespace, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.errors import HubError, HubUnavailable, LeaseLost, TokenEndsSoon, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.first_hand import Seen
from bot.hub.jobs import Job, JobPlan, Jobs
from bot.runs.cost import for_the_author, job_minutes, left_per_hour
from bot.runs.progress import report_key
from worker.contract import BuildSpec, Validation


def is_unlaunched(view: Snapshot, _ctx: Context) -> bool:
    return view.run.state in {RunState.QUEUED, RunState.LAUNCHING}


def launch(view: Snapshot, ctx: Context) -> Run:
    """Adopt the Job that carries our label, or launch it. A refusal ends the run with its sentence."""
    run = view.run
    try:
        plan = replace(ctx.job_plan, minutes=job_minutes(run, ctx))
        with jobs_of(run, ctx, lives=ctx.job_plan.minutes * 60 + 60) as jobs:
            there = None if ctx.first_hand.relies_on(run.id, Seen.NO_JOB) else jobs.find(run.id)
            job = there or _launched(run, plan, jobs, ctx)
    except TokenEndsSoon:
        about = ctx.accounts.about(run.requester.id)
        return errored(run, ctx, messages_account.ends_too_soon(about.expires_at, ctx.links))
    except TokenGone:
        # No Job runs yet, so nothing is lost: it goes on when its requester has connected again.
        ended = messages_account.connection_ended(ended_at(run, ctx))
        return run.model_copy(update={"state": RunState.WAITING_FOR_SIGN_IN, "problem": ended})
    except HubError as error:
        return errored(run, ctx, _refusal(error, ctx))
    changed = {
        "state": RunState.RUNNING,
        "job_id": job.id,
        "launched_at": min(ctx.clock(), there.created_at.timestamp()) if there else ctx.clock(),
        "usd_per_minute": ctx.prices.usd_per_minute(ctx.job_plan.flavor),
    }
    return run.model_copy(update=changed)


def _launched(run: Run, plan: JobPlan, jobs: Jobs, ctx: Context) -> Job:
    """If the run was lost meanwhile, another may have launched one too: the oldest with our label stays."""
    spec, key = spec_for(run, ctx), report_key(ctx, run.id)
    with _bucket(run, jobs, ctx):
        ctx.lease()
        job = jobs.launch(spec, plan, key)
    try:
        ctx.lease()
    except LeaseLost:
        jobs.keep_oldest(run.id)
        raise
    return job


@contextmanager
def _bucket(run: Run, jobs: Jobs, ctx: Context) -> Iterator[None]:
    """The one that the Job mounts is there. Where that is only believed, a refusal is not the last word."""
    if not ctx.first_hand.relies_on(run.requester.name, Seen.BUCKET):
        jobs.make_bucket()
        yield
        return
    try:
        yield
    except HubError as refused:
        raise HubUnavailable(f"{refused}; perhaps the bucket is gone, and it will be made") from None


@contextmanager
def jobs_of(run: Run, ctx: Context, lives: float = 60) -> Iterator[Jobs]:
    """The requester's Jobs, with a token that lives so long, in seconds. TokenGone if there is none."""
    with ctx.accounts.acting_for(run.requester.id, lives) as (hub, token):
        yield Jobs(hub, token, run.requester.name)


def ended_at(run: Run, ctx: Context) -> float:
    """When the requester's connection ended, as far as it is known."""
    return ctx.accounts.ended_at(run.requester.id) or ctx.clock()


def spec_for(run: Run, ctx: Context) -> BuildSpec:
    wishes = run.wishes
    return BuildSpec(
        run_id=run.id,
        kind=run.kind,
        model_id=run.model_id,
        revision=run.sha or "",
        target_space=run.target_space,
        rebuild_of=run.rebuild_of,
        mode=wishes.mode,
        validation=Validation.model_validate(wishes.model_dump(include=set(Validation.model_fields))),
        hardware=wishes.hardware,
        fallback=wishes.fallback,
        most_usd_per_hour=left_per_hour(run, ctx),
        trust_remote_code=wishes.trust_remote_code,
        author=wishes.author,
        author_mode=wishes.author_mode,
        author_model=wishes.author_model,
        author_usd=for_the_author(run, ctx),
        # The worker ends before its Job does, so that it can say how it ended.
        budget_seconds=max(60, job_minutes(run, ctx) * 60 - 120),
        kept=ctx.job_plan.kept,
        is_pictured=ctx.job_plan.are_pictured,
        report_url=f"{ctx.links.bot}/api/runs/{run.id}/reports",
    )


def errored(run: Run, ctx: Context, problem: str) -> Run:
    """The run as one that we could not run."""
    return run.model_copy(update={"state": RunState.ERRORED, "problem": problem, "ended_at": ctx.clock()})


def _refusal(error: HubError, ctx: Context) -> str:
    if error.status == 402:
        return messages.no_credits(ctx.links)
    return messages.no_permission(error.message)
