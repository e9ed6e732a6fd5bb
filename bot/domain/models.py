"""The nouns of the product: who asked, where, and the run that came of it."""

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from worker.contract import Report


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Requester(Frozen):
    """The person who asked. `id` is the Hub's and never changes; `name` may."""

    id: str
    name: str


class ThreadRef(Frozen):
    """Where an answer is awaited: a discussion on a model repo."""

    repo: str
    """`owner/name` of the model repo."""
    num: int


class RunState(StrEnum):
    """*failed*: the worker ran and could not deliver. *errored*: we could not run it."""

    WAITING_FOR_SIGN_IN = "waiting_for_sign_in"
    QUEUED = "queued"
    LAUNCHING = "launching"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ERRORED = "errored"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        return self in FINAL_STATES


FINAL_STATES = frozenset(
    {
        RunState.SUCCEEDED,
        RunState.FAILED,
        RunState.ERRORED,
        RunState.CANCELLED,
        RunState.SUPERSEDED,
        RunState.EXPIRED,
    }
)


class Run(Frozen):
    """Our record of one build, from request to final answer. Times are seconds since the epoch."""

    id: str
    requester: Requester
    thread: ThreadRef
    model_id: str
    sha: str | None = None
    """The model's commit; None until the requester's token has read the model."""
    is_private: bool = False
    """Whether the model is private: then only the requester may see the run's page."""
    target_space: str
    state: RunState
    job_id: str | None = None
    message_id: str | None = None
    """Comment id of the living message."""
    answer_id: str | None = None
    """Comment id of the final answer."""
    shown: str = ""
    """What the living message shows now, as a digest; see `Snapshot.digest`."""
    shown_at: float = 0
    report: Report | None = None
    problem: str | None = None
    """The sentence for the person when we could not run it."""
    created_at: float
    launched_at: float | None = None
    heard_at: float | None = None
    """When the worker last reported."""
    looked_at: float | None = None
    """When a silent worker's Job was last looked at."""
    ended_at: float | None = None
    tries: int = 0
    """Ticks in a row that ended in trouble."""
    version: int = 0

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do, not even to say."""
        return self.state.is_final and self.answer_id is not None


def run_id_for(delivery_key: str) -> str:
    """One delivery makes at most one run, so its id is a function of the delivery."""
    return f"r_{hashlib.sha256(delivery_key.encode()).hexdigest()[:16]}"


def decision_id_for(delivery_key: str) -> str:
    """The id a reply carries when no run came of the delivery."""
    return f"d_{hashlib.sha256(delivery_key.encode()).hexdigest()[:12]}"


def space_name_for(model_id: str) -> str:
    """`owner/My-Model` becomes `My-Model-demo`, within the Hub's 96 characters."""
    name = model_id.rsplit("/", maxsplit=1)[-1]
    return f"{name[:90].rstrip('-.')}-demo"
