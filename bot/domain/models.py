"""The nouns of the product: who asked, where, and the run that came of it."""

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue, model_validator

from worker.contract import APP_PREFIX, AnswerType, App, Author, AuthorMode, Kind, Mode, Report, app_of


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Requester(Frozen):
    """The person who asked. `id` is the Hub's and never changes; `name` may."""

    id: str
    name: str


class DiscussionRef(Frozen):
    """Where an answer is awaited: a discussion on a model repo."""

    repo: str
    """`owner/name` of the model repo."""
    num: int

    @property
    def key(self) -> str:
        """As one word, as the database keeps it."""
        return f"hub:{self.repo}#{self.num}"


class ChannelRef(Frozen):
    """Where an answer is awaited: a channel on Discord, or a direct message (no guild)."""

    guild_id: str | None
    channel_id: str
    is_private: bool = False
    """Whether only the requester may read the answers there."""

    @property
    def key(self) -> str:
        kind = "dm" if self.is_private else "channel"
        return f"discord:{self.guild_id or '@me'}/{self.channel_id}/{kind}"


class ApiRef(Frozen):
    """Where an answer is awaited: one person's scripts, which come and fetch it over the API."""

    user_id: str

    @property
    def key(self) -> str:
        return f"api:{self.user_id}"


ThreadRef = DiscussionRef | ChannelRef | ApiRef


def thread_of(key: str) -> ThreadRef:
    """The thread that has this key."""
    surface, _, rest = key.partition(":")
    if surface == "hub":
        repo, _, num = rest.rpartition("#")
        return DiscussionRef(repo=repo, num=int(num))
    if surface == "api":
        return ApiRef(user_id=rest)
    guild, channel, kind = rest.split("/")
    return ChannelRef(guild_id=None if guild == "@me" else guild, channel_id=channel, is_private=kind == "dm")


class Notify(StrEnum):
    """How much is said where somebody asked."""

    ALL = "all"
    """The living message, and one short message at the end."""
    OUTCOMES = "outcomes"
    """One message, at the end."""
    NONE = "none"
    """Nothing: the run page has it all."""

    def at_most(self, other: "Notify") -> "Notify":
        """The quieter of the two."""
        loudness = list(Notify)
        return max(self, other, key=loudness.index)


class On(StrEnum):
    """What a watch waits for."""

    TAG = "tag"
    MAIN = "main"
    BOTH = "both"


class Wishes(Frozen):
    """What the requester asked for besides the model: the options of a command, as values."""

    rev: str = "main"
    name: str | None = None
    org: str | None = None
    mode: Mode = Mode.FULL_INFERENCE_GATED
    hardware: str | None = None
    fallback: str = "none"
    budget: float | None = None
    """Dollars; None for the requester's own setting."""
    notify: Notify = Notify.ALL
    trust_remote_code: bool = False
    author: Author = Author.NONE
    author_mode: AuthorMode = AuthorMode.WHERE_NEEDED
    author_model: str = ""
    force: bool = False
    endpoint: str | None = None
    arguments: tuple[JsonValue, ...] = ()
    named_arguments: dict[str, JsonValue] = {}
    expected: AnswerType = AnswerType.ANY
    wait_seconds: int = 900
    on: On = On.TAG
    only: str = "*"
    """Which git tags count: a pattern with `*` and `?`."""
    most_per_day: int = 1
    """Builds that a watch may start within 24 hours."""
    alone: bool = False
    """Watch without the bot: the requester sets it up in their own account."""

    @model_validator(mode="before")
    @classmethod
    def _a_mode_means_an_author(cls, values: object) -> object:
        if isinstance(values, dict) and values.get("author_mode", AuthorMode.WHERE_NEEDED) != "where-needed":
            return {"author": Author.PI, **values}
        return values


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
    """Our record of one request that starts a Job, from request to final answer.

    Times are seconds since the epoch.
    """

    id: str
    requester: Requester
    thread: ThreadRef
    kind: Kind = Kind.BUILD
    wishes: Wishes = Wishes()
    model_id: str
    """Empty where the run is about a Space or an account; `blueprint:cad` for a custom app."""
    sha: str | None = None
    """The model's commit; None until the requester's token has read the model."""
    is_private: bool = False
    """Whether the model is private: then only the requester may see the run's page."""
    target_space: str
    rebuild_of: str | None = None
    """The Space of the requester's that a rebuild brings up to date."""
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
    cancelled_by: str | None = None
    """Hub name of whoever asked for the Job to be stopped."""
    superseded_by: str | None = None
    """What replaces this run, in words, if something newer does."""
    watch_id: str | None = None
    """The watch that started it, if no person did."""
    usd_per_minute: float | None = None
    """The Hub's price of the Job's hardware when it was launched."""
    needs: tuple[str, ...] = ()
    """Scopes that its requester has yet to grant, if it waits for that and not for a first sign-in."""
    model_repo: str | None = None
    """The Hub's own id of the model's repo, which no other repo of that name will have."""
    space_repo: str | None = None
    """Likewise, of the Space that came of it."""
    tries: int = 0
    """Ticks in a row that ended in trouble."""
    missed: int = 0
    """Looks in a row that found no Job of it, neither by its id nor by its label."""
    version: int = 0

    @property
    def app(self) -> App | None:
        """The custom app that it builds, if it is no model's."""
        return app_of(self.model_id)

    def is_same_as(self, other: "Run") -> bool:
        """Whether both ask for the same thing: doing it twice would only cost twice."""
        mine, theirs = (
            (run.kind, run.model_id, run.sha, run.rebuild_of, run.target_space if not run.model_id else "")
            for run in (self, other)
        )
        return mine == theirs

    def cost(self, now: float) -> float | None:
        """Dollars of its Job so far; None where no Job ran or its price is not known."""
        if self.launched_at is None or self.usd_per_minute is None:
            return None
        return (min(now, self.ended_at or now) - self.launched_at) / 60 * self.usd_per_minute

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
    """`owner/My-Model` becomes `My-Model-demo`, `blueprint:cad` `cad-demo`, of 96 characters at most."""
    name = model_id.removeprefix(APP_PREFIX).rsplit("/", maxsplit=1)[-1]
    return f"{name[:90].rstrip('-.')}-demo"
