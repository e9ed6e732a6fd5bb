"""How far a run is, as people see it: what the living message, the run page and `status` are made of."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from bot.domain.models import Run
from worker.contract import EventKind, Kind, Phase, ProgressEvent

TITLES = {
    Phase.ACCOUNT: "Look at the account",
    Phase.RECORD: "Write the record",
    Phase.CARD: "Read the card",
    Phase.PLAN: "Plan",
    Phase.WRITE: "Write the app",
    Phase.PUBLISH: "Publish",
    Phase.START: "Start",
    Phase.VALIDATE: "Call it",
    Phase.PROMOTE: "Bring it in",
}
EXPECTED = {
    Kind.BUILD: frozenset(Phase) - {Phase.ACCOUNT, Phase.RECORD, Phase.PROMOTE},
    Kind.PLAN: frozenset({Phase.CARD, Phase.PLAN}),
    Kind.VALIDATE: frozenset({Phase.START, Phase.VALIDATE}),
    Kind.HELLO: frozenset({Phase.ACCOUNT, Phase.RECORD}),
}
"""The phases of each kind of run; others are shown once they have begun."""
ENDED = frozenset({EventKind.DONE, EventKind.FAILED})


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class StepView:
    """One phase: what state it is in, since when, for how long, and its last word."""

    phase: Phase
    title: str
    state: StepState
    started_at: datetime | None = None
    seconds: float | None = None
    """How long it took; None while it waits or runs."""
    message: str = ""


@dataclass(frozen=True)
class Snapshot:
    run: Run
    steps: tuple[StepView, ...]

    @property
    def current(self) -> StepView | None:
        """The phase that runs now, or the last one that began."""
        begun = [step for step in self.steps if step.state is not StepState.WAITING]
        return begun[-1] if begun else None

    @cached_property
    def digest(self) -> str:
        """Changes when the living message has something new to say, and only then."""
        waits_for = [*self.run.needs, self.run.problem or ""]
        facts = [
            self.run.state.value,
            self.run.sha or "",
            *waits_for,
            *(step.state.value for step in self.steps),
            *self._writing,
        ]
        return hashlib.sha256("|".join(facts).encode()).hexdigest()[:16]

    @property
    def _writing(self) -> list[str]:
        """What a writing agent does and has cost: of the other steps, that they run is news enough."""
        running = [step for step in self.steps if step.state is StepState.RUNNING]
        return [step.message for step in running if step.phase is Phase.WRITE]


def snapshot_of(run: Run, events: list[ProgressEvent]) -> Snapshot:
    """`events` in the order the worker sent them."""
    told: dict[Phase, list[ProgressEvent]] = {phase: [] for phase in EXPECTED[run.kind]}
    if run.app:
        told.pop(Phase.CARD, None)
    for event in events:
        told.setdefault(event.phase, []).append(event)
    return Snapshot(run, tuple(_step(run, phase, told[phase]) for phase in Phase if phase in told))


def _step(run: Run, phase: Phase, mine: list[ProgressEvent]) -> StepView:
    title = TITLES[phase]
    if not mine:
        return StepView(phase, title, StepState.WAITING)
    ended = next((event for event in mine if event.kind in ENDED), None)
    if ended is None:
        # A run that is over has no phase under way, whatever was reported last.
        state = StepState.FAILED if run.state.is_final else StepState.RUNNING
        return StepView(phase, title, state, mine[0].at, None, mine[-1].message)
    state = StepState.DONE if ended.kind is EventKind.DONE else StepState.FAILED
    seconds = (ended.at - mine[0].at).total_seconds()
    return StepView(phase, title, state, mine[0].at, seconds, ended.message)
