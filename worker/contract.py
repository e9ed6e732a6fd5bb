"""The wire between bot and worker: BuildSpec in; ProgressEvent, Progress and Report out.

The bot writes a BuildSpec into the Job's environment. The worker answers over the report call, in the
record folder (`events.jsonl`, `state.json`, `report.json`) and in the last line of the Job's log.
Readers ignore unknown fields, so that an older side can talk to a newer one.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue

SPEC_VARIABLE = "SPACE_FACTORY_SPEC"
"""Environment variable that holds the BuildSpec as JSON."""
RECORD_VARIABLE = "SPACE_FACTORY_RECORD"
"""Environment variable that holds the path of the run's record folder."""
REPORT_KEY_VARIABLE = "SPACE_FACTORY_REPORT_KEY"
"""Job secret: the bearer key of the report call, good for one run."""
REPORT_LINE = "SPACE_FACTORY_REPORT "
"""The last line of the Job's log is this prefix and the Report as one line of JSON."""
RECORD_BUCKET = "space-factory-runs"
"""Name of the requester's private bucket; a run's files are under `runs/<run_id>/`."""


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Kind(StrEnum):
    BUILD = "build"


class Phase(StrEnum):
    """What the worker is doing, in this order."""

    CARD = "card"
    PLAN = "plan"
    WRITE = "write"
    PUBLISH = "publish"
    START = "start"
    VALIDATE = "validate"


class Verdict(StrEnum):
    """How a run ended; each is decided in `worker/validate/gate.py`."""

    FULL_INFERENCE_SUCCESS = "full_inference_success"
    CANDIDATE = "full_inference_candidate_health_passed"
    MANUAL_HARDWARE_REQUIRED = "manual_hardware_required"
    HEALTH_ONLY = "health_only"
    TECHNICAL_BLOCKER = "technical_blocker"
    FAILED = "failed"


class BuildSpec(Wire):
    """What to do. Secrets never travel in it."""

    run_id: str
    kind: Kind = Kind.BUILD
    model_id: str
    revision: str = Field(pattern=r"^[0-9a-f]{40}$")
    target_space: str
    """`owner/name` wished for; if another Space has that name, the worker takes the next free one."""
    hardware: str = "cpu-basic"
    budget_seconds: int = 1500
    report_url: str | None = None


class EventKind(StrEnum):
    STARTED = "started"
    """The phase began."""
    NOTE = "note"
    """Something worth reading happened inside the phase."""
    DONE = "done"
    """The phase ended well."""
    FAILED = "failed"
    """The phase ended the run."""


class ProgressEvent(Wire):
    """One line of `events.jsonl`."""

    seq: int = Field(ge=1)
    at: datetime
    phase: Phase
    kind: EventKind
    message: str = Field(max_length=500)


class PhaseTimes(Wire):
    phase: Phase
    started_at: datetime
    ended_at: datetime | None = None
    message: str = ""


class Progress(Wire):
    """`state.json`: where the run is now."""

    run_id: str
    job_id: str | None = None
    phase: Phase
    phases: tuple[PhaseTimes, ...] = ()
    space_id: str | None = None
    verdict: Verdict | None = None
    updated_at: datetime


class Probe(Wire):
    """One call of the deployed Space: what was asked, what came back."""

    endpoint: str
    inputs: dict[str, JsonValue]
    output: JsonValue = None
    seconds: float
    error: str | None = None


class Evidence(Wire):
    """One check and the value it saw. `passed` is None where the check could not be made."""

    name: str
    passed: bool | None
    detail: str


class Weights(Wire):
    """Whether the answers were shown to depend on this model's weights."""

    proven: bool
    reason: str


class Failure(Wire):
    """Why a run could not deliver: a category for statistics, the first real error line for people."""

    category: str
    message: str


class Report(Wire):
    """`report.json`: how the run ended and why."""

    run_id: str
    kind: Kind
    model_id: str
    revision: str
    verdict: Verdict
    reason: str
    """One sentence: why this verdict."""
    weights: Weights
    space_id: str | None = None
    space_url: str | None = None
    """The Space's page on the Hub."""
    space_commit: str | None = None
    blueprint: str | None = None
    blueprint_reason: str | None = None
    hardware: str | None = None
    probes: tuple[Probe, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    failure: Failure | None = None
    phases: tuple[PhaseTimes, ...] = ()
    started_at: datetime
    ended_at: datetime


class ReportCall(Wire):
    """Body of the worker's call home: the events since the last call, and at the end the Report."""

    run_id: str
    job_id: str | None = None
    events: tuple[ProgressEvent, ...] = ()
    report: Report | None = None
