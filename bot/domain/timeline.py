"""When each phase of a run was under way, as shares of the whole: the run page draws it beside its steps."""

from dataclasses import dataclass

from bot.domain.snapshot import Snapshot, StepState, StepView
from worker.contract import Phase

STILL = 5.0
"""Seconds for which the picture of a run under way stays the same."""
LEAST = 1.0
"""Percent: a phase that took no time can still be seen."""


@dataclass(frozen=True)
class Bar:
    """Where a phase begins and how long it is, in percent of the picture's width."""

    left: float
    width: float


def bars(view: Snapshot, now: float) -> dict[Phase, Bar]:
    """One for each phase that has begun, from the launch of the Job to its end, or until now."""
    begun = [(step, step.started_at.timestamp()) for step in view.steps if step.started_at]
    if not begun:
        return {}
    until = view.run.ended_at or still(now)
    ends = [_end(step, at, until) for step, at in begun]
    first = min(view.run.launched_at or begun[0][1], *(at for _, at in begun))
    whole = max(*ends, first + 1.0) - first
    return {
        step.phase: _bar(at - first, end - at, whole) for (step, at), end in zip(begun, ends, strict=True)
    }


def still(now: float) -> float:
    """Now, but only every few seconds: what is drawn again each moment would be sent again each moment."""
    return now - now % STILL


def _end(step: StepView, at: float, until: float) -> float:
    if step.seconds is not None:
        return at + step.seconds
    return max(at, until) if step.state is not StepState.WAITING else at


def _bar(begins: float, lasts: float, whole: float) -> Bar:
    width = max(100 * lasts / whole, LEAST)
    return Bar(round(min(100 * begins / whole, 100 - LEAST), 1), round(width, 1))
