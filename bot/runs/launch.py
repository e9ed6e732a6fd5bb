"""Launch the worker's Job with the requester's token, in the requester's namespace, once."""

from dataclasses import replace

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenEndsSoon, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.hub.client import HubClient
from bot.hub.jobs import Jobs
from bot.runs.cost import job_minutes, left_per_hour
from bot.runs.progress import report_key
from worker.contract import BuildSpec, Validation


def is_unlaunched(view: Snapshot, _ctx: Context) -> bool:
    return view.run.state in {RunState.QUEUED, RunState.LAUNCHING}


def launch(view: Snapshot, ctx: Context) -> Run:
    """Adopt the Job that carries our label, or launch it. A refusal ends the run with its sentence."""
    run = view.run
    try:
        jobs = jobs_of(run, ctx)
        plan = replace(ctx.job_plan, minutes=job_minutes(run, ctx))
        job = jobs.find(run.id) or jobs.launch(spec_for(run, ctx), plan, report_key(ctx, run.id))
    except TokenEndsSoon:
        return errored(run, ctx, messages.token_ended(ctx.links))
    except TokenGone:
        # No Job runs yet, so nothing is lost: it goes on when its requester has connected again.
        ctx.accounts.refused(run.requester.id)
        return run.model_copy(update={"state": RunState.WAITING_FOR_SIGN_IN})
    except HubError as error:
        return errored(run, ctx, _refusal(error, ctx))
    changed = {
        "state": RunState.RUNNING,
        "job_id": job.id,
        "launched_at": ctx.clock(),
        "usd_per_minute": ctx.prices.usd_per_minute(ctx.job_plan.flavor),
    }
    return run.model_copy(update=changed)


def jobs_of(run: Run, ctx: Context) -> Jobs:
    """The requester's Jobs, with a token that outlives one. TokenGone if there is none."""
    token = ctx.accounts.open_token(run.requester.id, lives=ctx.job_plan.minutes * 60 + 60)
    return Jobs(HubClient(ctx.links.hub, token), token, run.requester.name)


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
        # The worker ends before its Job does, so that it can say how it ended.
        budget_seconds=max(60, job_minutes(run, ctx) * 60 - 120),
        report_url=f"{ctx.links.bot}/api/runs/{run.id}/reports",
    )


def errored(run: Run, ctx: Context, problem: str) -> Run:
    """The run as one that we could not run."""
    return run.model_copy(update={"state": RunState.ERRORED, "problem": problem, "ended_at": ctx.clock()})


def _refusal(error: HubError, ctx: Context) -> str:
    if error.status == 402:
        return messages.no_credits(ctx.links)
    return messages.no_permission(error.message)
