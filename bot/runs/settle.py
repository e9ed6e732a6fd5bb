"""The report decides how the run ended, unless it failed because its requester's connection had ended."""

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.hub.spaces import find_space
from bot.runs.follow import ended_midway
from bot.runs.recheck import is_private_now
from worker.contract import Verdict

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
    state = RunState.FAILED if run.report.verdict in FAILED else RunState.SUCCEEDED
    changed = {"state": state, "space_repo": space, "ended_at": ctx.clock()}
    return run.model_copy(update=changed | {"is_private": is_private_now(run, ctx)})


def _look(run: Run, ctx: Context) -> str | None:
    """The Hub's own id of the Space that came of it. TokenGone if the requester's connection has ended."""
    assert run.report is not None
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
