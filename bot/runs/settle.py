"""The report decides how the run ended, unless it failed because its requester's connection had ended."""

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.first_hand import Seen
from bot.hub.spaces import find_space
from bot.runs.follow import ended_midway
from bot.runs.recheck import is_private_now
from worker.contract import Report, Verdict

FAILED = frozenset({Verdict.FAILED, Verdict.TECHNICAL_BLOCKER})


def has_report(view: Snapshot, _ctx: Context) -> bool:
    return view.run.report is not None and not view.run.state.is_final


def settle(view: Snapshot, ctx: Context) -> Run:
    run = view.run
    assert run.report is not None
    try:
        space = _look(run, ctx)
    except TokenGone:
        if run.report.verdict is Verdict.FAILED:
            return ended_midway(run, ctx)
        space = None
    ctx.first_hand.sees(run.requester.name, Seen.BUCKET)  # its worker has written there
    state = RunState.FAILED if run.report.verdict in FAILED else RunState.SUCCEEDED
    changed = {"state": state, "space_repo": space, "is_private": is_private_now(run, ctx)}
    return run.model_copy(update=changed | _as_reported(run, run.report, ctx))


def _as_reported(run: Run, report: Report, ctx: Context) -> dict[str, object]:
    """Of a Job that began before this database was lost, the report knows more than the row."""
    now = ctx.clock()
    began = run.launched_at or min(now, report.started_at.timestamp())
    return {
        "sha": report.revision or run.sha,
        "launched_at": began,
        "ended_at": max(began, min(now, report.ended_at.timestamp())),
        "usd_per_minute": run.usd_per_minute or ctx.prices.usd_per_minute(ctx.job_plan.flavor),
    }


def _look(run: Run, ctx: Context) -> str | None:
    """The Hub's own id of the Space that came of it. TokenGone if the requester's connection has ended."""
    assert run.report is not None
    if run.report.verdict not in FAILED and run.report.space_repo:
        return run.report.space_repo  # its worker has seen it, with the same eyes
    if not ctx.accounts.is_connected(run.requester.id) and ctx.accounts.ended_at(run.requester.id) is None:
        return None  # they disconnected, which ends nothing that runs
    try:
        with ctx.accounts.acting_for(run.requester.id) as (hub, _):
            if run.report.verdict in FAILED or not run.report.space_id:
                if not hub.is_known():
                    raise TokenGone("refused when the run failed")
                return None
            space = find_space(hub, run.report.space_id)
    except (HubError, HubUnavailable):
        return None
    return space.repo if space else None
