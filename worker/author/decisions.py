"""What comes next in writing an app: one pure function from what is known and what was just seen.

The state is all that a worker needs to go on where another was stopped.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from worker.author.known_errors import Where, known
from worker.author.turns import Budget, TurnEnd, TurnReport
from worker.errors import Blocker

SAME_FAULT = 3
"""How often the same fault may come back before it is given up."""
USELESS_TURNS = 2
"""Turns in a row that changed no file, before the model is asked without tools."""
MOST_USELESS = 4
NUMBERS = re.compile(r"0x[0-9a-f]+|\d+|/tmp/\S+|[0-9a-f]{7,40}")


class Stage(StrEnum):
    """What is done next, or how it ended."""

    WRITE = "write"
    CHECK = "check"
    REHEARSE = "rehearse"
    PUBLISH = "publish"
    PROBE = "probe"
    MEND = "mend"
    """A known error whose mend needs no judgement."""
    ACCEPTED = "accepted"
    GAVE_UP = "gave up"
    OUT_OF_BUDGET = "out of budget"
    BLOCKED = "blocked"


ENDS = frozenset({Stage.ACCEPTED, Stage.GAVE_UP, Stage.OUT_OF_BUDGET, Stage.BLOCKED})
NEXT = {
    Stage.CHECK: Stage.REHEARSE,
    Stage.REHEARSE: Stage.PUBLISH,
    Stage.PUBLISH: Stage.PROBE,
    Stage.PROBE: Stage.ACCEPTED,
    Stage.MEND: Stage.CHECK,
}


class Backend(StrEnum):
    PI = "pi"
    DIRECT = "direct"


class Fault(BaseModel):
    """What was seen first that is wrong."""

    model_config = ConfigDict(frozen=True)

    where: Where
    line: str
    """The sentence or the log line that names it; hostile text."""
    log: str = ""

    @property
    def mark(self) -> str:
        """The same for the same fault, whatever numbers and addresses are in it."""
        plain = NUMBERS.sub("#", self.line.lower())
        return hashlib.sha256(f"{self.where} {plain}".encode()).hexdigest()[:12]


class State(BaseModel):
    """Where the writing stands."""

    model_config = ConfigDict(frozen=True)

    stage: Stage = Stage.WRITE
    backend: Backend = Backend.PI
    backend_reason: str = ""
    """Why it is not the one that was asked for."""
    turns: int = 0
    requests: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0
    useless: int = 0
    """Turns in a row that changed nothing."""
    fault: Fault | None = None
    marks: tuple[str, ...] = ()
    """Of every fault so far."""
    mended: tuple[str, ...] = ()
    """Known errors whose own edit was made."""
    spent: str = ""
    """Why there are no more turns."""
    blockers: tuple[Blocker, ...] = ()
    reason: str = ""
    """How it ended, in a sentence."""

    @property
    def over(self) -> bool:
        return self.stage in ENDS


@dataclass(frozen=True)
class Turned:
    """A turn is over."""

    report: TurnReport
    changed: bool
    """Whether the workspace, or the Space, is another than before."""
    blockers: tuple[Blocker, ...] = ()
    """What the agent says is in the way."""


@dataclass(frozen=True)
class Well:
    """The stage passed."""


@dataclass(frozen=True)
class Unchanged:
    """A known mend changed nothing."""


Seen = Turned | Well | Unchanged | Fault


def after(state: State, seen: Seen, budget: Budget) -> State:
    """The state once this was seen."""
    match seen:
        case Turned():
            return _turned(_counted(state, seen.report), seen, budget)
        case Fault():
            return _faulted(state, seen, budget)
        case Unchanged():
            return _write_again(state, budget)
        case Well() if state.stage is Stage.PROBE:
            return _with(state, stage=Stage.ACCEPTED, fault=None, reason="The app was accepted.")
        case _:
            return _with(state, stage=NEXT[state.stage])


def taken_up(state: State, cut_off: TurnReport | None, budget: Budget) -> State:
    """Where a worker goes on if another was stopped; `cut_off` is the turn that was under way then.

    Whatever was shown of files that are there is shown again; no turn is repeated, and an end stays one.
    """
    match state.stage:
        case Stage.WRITE:
            return _write_again(_counted(state, cut_off) if cut_off else state, budget)
        case Stage.GAVE_UP | Stage.OUT_OF_BUDGET | Stage.BLOCKED:
            return state
        case _:
            return _with(state, stage=Stage.CHECK)


def exceeded(state: State, budget: Budget) -> str:
    """Which part of the budget is used up, as a sentence; empty where none is."""
    for used, most, what in (
        (state.turns, budget.turns, "turns"),
        (state.requests, budget.requests, "requests"),
        (state.tokens, budget.tokens, "tokens"),
    ):
        if used >= most:
            return f"All {most} {what} of the budget are used."
    if state.usd >= budget.usd:
        return f"The budget of {budget.usd:.2f} USD is used."
    if state.seconds >= budget.seconds:
        return f"The {budget.seconds:.0f} s of the budget are used."
    return ""


def _counted(state: State, report: TurnReport) -> State:
    return _with(
        state,
        turns=state.turns + 1,
        requests=state.requests + report.requests,
        tokens=state.tokens + report.tokens,
        usd=round(state.usd + report.usd, 6),
        seconds=round(state.seconds + report.seconds, 1),
    )


def _turned(state: State, seen: Turned, budget: Budget) -> State:
    report = seen.report
    if report.end is TurnEnd.OUT_OF_BUDGET:
        state = _with(state, spent=report.problem or "The budget, or the account's credits, are used up.")
    if seen.blockers:
        return _with(state, stage=Stage.BLOCKED, blockers=seen.blockers, reason=seen.blockers[0].message)
    if seen.changed:
        return _with(state, stage=Stage.CHECK, useless=0)
    state = _with(state, useless=state.useless + 1)
    if report.end is TurnEnd.DONE and state.turns == 1:
        return _with(state, stage=Stage.CHECK)  # what it began with may be all that is needed
    if state.useless >= MOST_USELESS:
        said = report.problem or "It changed no file"
        return _with(
            state, stage=Stage.GAVE_UP, reason=f"The model wrote nothing, {state.useless} times: {said}"
        )
    if state.useless >= USELESS_TURNS and state.backend is Backend.PI:
        why = report.problem or f"it ended {state.useless} turns without changing a file"
        reason = f"The coding agent was given up for one plain question to the model: {why}"
        state = _with(state, backend=Backend.DIRECT, backend_reason=reason[:400])
    return _write_again(state, budget)


def _faulted(state: State, fault: Fault, budget: Budget) -> State:
    state = _with(state, fault=fault, marks=(*state.marks, fault.mark))
    rule = known(fault.where, fault.line, fault.log)
    if rule and rule.edit and rule.name not in state.mended:
        return _with(state, stage=Stage.MEND, mended=(*state.mended, rule.name))
    if state.marks.count(fault.mark) > SAME_FAULT:
        reason = f"The same error came back {SAME_FAULT} times: {fault.line[:200]}"
        return _with(state, stage=Stage.GAVE_UP, reason=reason)
    return _write_again(state, budget)


def _write_again(state: State, budget: Budget) -> State:
    """Another turn, where there is one left."""
    if spent := state.spent or exceeded(state, budget):
        last = f" The last error: {state.fault.line[:200]}" if state.fault else ""
        return _with(state, stage=Stage.OUT_OF_BUDGET, spent=spent, reason=f"{spent}{last}")
    return _with(state, stage=Stage.WRITE)


def _with(state: State, **changes: object) -> State:
    return state.model_copy(update=changes)
