"""What the writing loop knows of an agent's turn, whichever backend plays it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class TurnEnd(StrEnum):
    """Why a turn ended. Only DONE says that the agent finished by itself."""

    DONE = "done"
    OUT_OF_BUDGET = "out of budget"
    """The run's own budget, or the account's credits (402)."""
    STALLED = "stalled"
    """The provider stopped answering, or refused for the moment; the turn can be taken up again."""
    TIMED_OUT = "timed out"
    BROKE = "broke"


@dataclass(frozen=True)
class TurnReport:
    end: TurnEnd
    said: str
    """The agent's last words; hostile text."""
    tool_calls: int
    requests: int
    tokens: int
    usd: float
    seconds: float
    problem: str = ""
    """A sentence for people; empty when DONE."""


Turn = Callable[[str], TurnReport]
"""A prompt in, what happened out; the workspace has changed meanwhile."""


@dataclass(frozen=True)
class Budget:
    """What all turns of one run may take together, `seconds` of wall clock included."""

    turns: int
    usd: float
    tokens: int
    requests: int
    seconds: float
