"""The wire between bot and worker: BuildSpec in; ProgressEvent, Progress and Report out.

The bot writes a BuildSpec into the Job's environment. The worker answers over the report call, in the
record folder (`events.jsonl`, `state.json`, `report.json`) and in the last line of the Job's log.
Readers ignore unknown fields, so that an older side can talk to a newer one.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

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
    """What a Job is for."""

    BUILD = "build"
    VALIDATE = "validate"
    """Judge a Space that exists."""
    PLAN = "plan"
    """Say what would be built, and spend nothing."""
    HELLO = "hello"
    """Check the account: write the record and read it back."""


class AnswerType(StrEnum):
    """What an endpoint gives back, told by its content and not by its component."""

    TEXT = "text"
    LABELS = "labels"
    """A probability for each label."""
    DATA = "data"
    """JSON: embeddings, spans, rankings."""
    IMAGE = "image"
    ANNOTATED = "annotated"
    """An image with named regions."""
    AUDIO = "audio"
    VIDEO = "video"
    ANY = "any"


class Mode(StrEnum):
    """How far a build goes."""

    FULL_INFERENCE_GATED = "full-inference-gated"
    """The app must answer on the twin before scarce hardware is asked for, and on the Space to succeed."""
    FULL_INFERENCE_ATTEMPT = "full-inference-attempt"
    """The app is published and called whatever its twin says."""
    SAFE_SCAFFOLD = "safe-scaffold"
    """The app is published and started, and not called."""


class Author(StrEnum):
    """Who writes the app where no blueprint fits."""

    NONE = "none"
    PI = "pi"
    """The Pi coding agent, which can try its app before it is done."""
    DIRECT = "direct"
    """A model that is asked plainly, for models and providers that can't call tools."""


class AuthorMode(StrEnum):
    """What the author is asked for; `worker/author/brief/mode_*.md` tells it."""

    WHERE_NEEDED = "where-needed"
    """An app where no blueprint fits."""
    UNIVERSAL = "universal"
    """An app, whether or not a blueprint fits."""
    TEXT = "text"
    """The same, of a model that takes text."""
    SMOKE = "smoke"
    """One change of a blueprint's app, which is known beforehand."""
    RECIPE = "recipe"
    """An app that the author publishes itself before it is looked at."""
    ARTICLE = "article"
    """A large model with code of its own, on ZeroGPU, by trying and measuring in its Space."""


class App(StrEnum):
    """Custom apps: what can be built that shows no model; each has a folder in `worker/apps`."""

    CAD = "cad"
    """Prompt to CAD: a part from its description."""


APP_PREFIX = "blueprint:"
"""In place of a model's id: `blueprint:cad`."""


def app_of(model_id: str) -> App | None:
    """The custom app that is named in place of a model; None for a model."""
    name = model_id.removeprefix(APP_PREFIX)
    return App(name) if name != model_id and name in set(App) else None


class Phase(StrEnum):
    """What the worker is doing, in this order; each kind of Job has some of them."""

    ACCOUNT = "account"
    RECORD = "record"
    CARD = "card"
    PLAN = "plan"
    WRITE = "write"
    PUBLISH = "publish"
    START = "start"
    VALIDATE = "validate"
    PROMOTE = "promote"
    """A rebuild goes from its staging Space into the Space that people use."""


class Verdict(StrEnum):
    """How a run ended; each is decided in `worker/validate/gate.py`."""

    FULL_INFERENCE_SUCCESS = "full_inference_success"
    CANDIDATE = "full_inference_candidate_health_passed"
    MANUAL_HARDWARE_REQUIRED = "manual_hardware_required"
    HEALTH_ONLY = "health_only"
    TECHNICAL_BLOCKER = "technical_blocker"
    FAILED = "failed"
    PLANNED = "planned"
    """A plan was asked for and made; nothing was built."""
    ACCOUNT_READY = "account_ready"
    """The account was checked: Jobs run and the record can be written."""


class Validation(Wire):
    """How to call a Space that exists; what is left out is found out."""

    endpoint: str | None = None
    arguments: tuple[JsonValue, ...] = ()
    """By position."""
    named_arguments: dict[str, JsonValue] = {}
    expected: AnswerType = AnswerType.ANY
    wait_seconds: int = Field(default=900, ge=10, le=7200)
    """For the Space to wake up and run."""


class Kept(Wire):
    """Which records in the requester's bucket stay: one goes when it is older than `days` and there are so
    many newer ones of its Space."""

    days: int = Field(default=365, ge=0)
    """0 keeps all of them."""
    runs_of_a_space: int = Field(default=20, ge=1)


class BuildSpec(Wire):
    """What to do. Secrets never travel in it."""

    run_id: str
    kind: Kind = Kind.BUILD
    model_id: str = ""
    """Builds and plans have one; a validation finds out which model the Space shows. `blueprint:cad` stands
    for a custom app."""
    revision: str = Field(default="", pattern=r"^([0-9a-f]{40})?$")
    target_space: str
    """`owner/name` wished for; if another Space has that name, the worker takes the next free one. For a
    validation it is the Space to judge."""
    rebuild_of: str | None = None
    """A Space of ours to bring up to date: built and judged in a staging Space first."""
    mode: Mode = Mode.FULL_INFERENCE_GATED
    validation: Validation = Validation()
    hardware: str | None = None
    """A flavor that is wished for; naming one that costs money allows it."""
    fallback: str = "none"
    """`none`, `any`, or the flavor that may be paid for where nothing free fits."""
    most_usd_per_hour: float | None = None
    trust_remote_code: bool = False
    """Whether Python files that come with the model may run in the Space."""
    author: Author = Author.NONE
    author_mode: AuthorMode = AuthorMode.WHERE_NEEDED
    author_model: str = ""
    """The language model that writes; empty for the usual one."""
    author_usd: float = Field(default=0.0, ge=0)
    """The most that may be spent on it at Inference Providers."""
    budget_seconds: int = 1500
    kept: Kept = Kept()
    is_pictured: bool = False
    """Whether to take a picture of the Space, where the Job's image can."""
    report_url: str | None = None

    @property
    def app(self) -> App | None:
        """The custom app to build, if it is no model's."""
        return app_of(self.model_id)

    @model_validator(mode="after")
    def _has_a_model(self) -> "BuildSpec":
        if self.kind is Kind.BUILD and self.app:
            return self
        if self.kind in {Kind.BUILD, Kind.PLAN} and not (self.model_id and self.revision):
            raise ValueError(f"a {self.kind} needs model_id and revision")
        return self


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
    space_repo: str | None = None
    """The Hub's own id of the Space."""
    space_url: str | None = None
    """The Space's page on the Hub."""
    space_commit: str | None = None
    previous_commit: str | None = None
    """What a rebuilt Space was before, to go back to."""
    blueprint: str | None = None
    blueprint_reason: str | None = None
    written_by: str | None = None
    """The language model that wrote the app, and what that took; None where a blueprint did."""
    hardware: str | None = None
    probes: tuple[Probe, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    is_pictured: bool = False
    """Whether the record has `screenshot.png`: how the Space looked."""
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
