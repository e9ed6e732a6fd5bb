"""The shapes of the bot's answers, as far as they are used; fields that come later are let through."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Request(Answer):
    """A command that was taken, and what came of it."""

    id: str
    command: str
    state: str
    """`waiting`, `done` or `refused`."""
    code: str | None = None
    sentence: str = ""
    run: str | None = None


class Phase(Answer):
    phase: str
    title: str
    state: str
    """`waiting`, `running`, `done` or `failed`."""
    seconds: float | None = None
    message: str = ""


class Links(Answer):
    page: str
    space: str | None = None
    job: str | None = None
    record: str
    connect: str | None = None


class Run(Answer):
    """A run as it was when it was asked for."""

    id: str
    kind: str
    state: str
    """`waiting_for_sign_in`, `queued`, `launching`, `running`, and at the end `succeeded`, `failed`,
    `errored`, `cancelled`, `superseded` or `expired`."""
    is_over: bool
    sentence: str
    requester: str
    model: str | None = None
    revision: str | None = None
    target_space: str = ""
    space: str | None = None
    verdict: str | None = None
    problem: str | None = None
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cost_usd: float | None = None
    phases: tuple[Phase, ...] = ()
    report: dict[str, Any] | None = None
    links: Links

    @property
    def is_well(self) -> bool:
        """It has come to what was asked for."""
        return self.state == "succeeded"

    @property
    def reason(self) -> str:
        """Why it ended as it did, in a sentence."""
        return str((self.report or {}).get("reason") or self.problem or "")


class Event(Answer):
    """What the worker told."""

    seq: int
    at: datetime
    phase: str
    kind: str
    message: str


class Watch(Answer):
    model: str
    since: datetime
    paused: str | None = None


class Me(Answer):
    id: str
    name: str
    connected: bool
    scopes: tuple[str, ...]
    spent_this_month_usd: float
    monthly_budget_usd: float
    budget_usd: float
