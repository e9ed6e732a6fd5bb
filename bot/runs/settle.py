"""The report decides how the run ended."""

from bot.context import Context
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from worker.contract import Verdict

FAILED = frozenset({Verdict.FAILED, Verdict.TECHNICAL_BLOCKER})


def has_report(view: Snapshot, _ctx: Context) -> bool:
    return view.run.report is not None and not view.run.state.is_final


def settle(view: Snapshot, ctx: Context) -> Run:
    assert view.run.report is not None
    state = RunState.FAILED if view.run.report.verdict in FAILED else RunState.SUCCEEDED
    return view.run.model_copy(update={"state": state, "ended_at": ctx.clock()})
