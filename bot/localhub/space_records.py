"""Spaces as records: what they are set to, which commit runs, and how the Hub shows that."""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.localhub.errors import not_found
from bot.localhub.hardware import DEFAULT
from bot.localhub.logs import Log
from bot.localhub.repos import Repo
from bot.localhub.state import Hub, Record
from bot.localhub.volumes import Volume

ASLEEP_AFTER = 48 * 3600
"""Seconds without a visit after which free hardware goes to sleep on the real Hub."""


class Stage(StrEnum):
    NO_APP_FILE = "NO_APP_FILE"
    CONFIG_ERROR = "CONFIG_ERROR"
    BUILDING = "BUILDING"
    BUILD_ERROR = "BUILD_ERROR"
    APP_STARTING = "APP_STARTING"
    RUNNING = "RUNNING"
    RUNNING_BUILDING = "RUNNING_BUILDING"
    RUNNING_APP_STARTING = "RUNNING_APP_STARTING"
    RUNTIME_ERROR = "RUNTIME_ERROR"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    SLEEPING = "SLEEPING"

    @property
    def wants_to_run(self) -> bool:
        """Whether the Space was running or on its way when the Hub ended."""
        return self in _ALIVE


_ALIVE = {
    Stage.BUILDING,
    Stage.APP_STARTING,
    Stage.RUNNING,
    Stage.RUNNING_BUILDING,
    Stage.RUNNING_APP_STARTING,
}


class Setting(BaseModel):
    """A variable or a secret."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    value: str
    description: str | None = None
    updated_at: str


class Space(Record):
    """What the Hub knows of a Space beyond its repo. Stored under the repo's hex id."""

    port: int
    """Its host is this port on loopback, whichever version runs."""
    stage: Stage = Stage.NO_APP_FILE
    error: str | None = None
    sha: str | None = None
    """The commit that runs; after an error, the one that did not."""
    hardware: str | None = None
    requested_hardware: str | None = None
    sleep_seconds: int | None = None
    variables: dict[str, Setting] = Field(default_factory=dict)
    secrets: dict[str, Setting] = Field(default_factory=dict)
    volumes: list[Volume] = Field(default_factory=list)
    dev_mode: bool = False
    """Kept and shown; there is no machine of its own to go into."""
    layers: str = ""
    """Changes with a factory reboot, so that nothing built before is used again."""


def space_of(hub: Hub, repo: Repo) -> Space:
    """The record. For a moment while a Space is created or deleted there is none: RepoNotFound."""
    space = hub.all(Space).get(repo.repo_id_hex)
    if space is None:
        raise not_found("Repository", "RepoNotFound")
    return space


def change(hub: Hub, repo: Repo, **changes: object) -> Space:
    with hub.lock:
        return hub.all(Space).put(repo.repo_id_hex, space_of(hub, repo).model_copy(update=changes))


def folder_of(hub: Hub, repo: Repo) -> Path:
    """Named after what never changes: a Space may move while its app runs."""
    return hub.folder / "spaces" / repo.repo_id_hex


def build_log(hub: Hub, repo: Repo) -> Log:
    return Log(folder_of(hub, repo) / "build.log")


def run_log(hub: Hub, repo: Repo) -> Log:
    return Log(folder_of(hub, repo) / "run.log")


def host(space: Space) -> str:
    return f"127.0.0.1:{space.port}"


def subdomain(repo: Repo) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in repo.id.lower())


def sleeps_after(space: Space) -> int | None:
    """Seconds without a visit after which the Space goes to sleep; None: never. Not to choose when free."""
    if (space.requested_hardware or DEFAULT) == DEFAULT:
        return ASLEEP_AFTER
    return space.sleep_seconds if (space.sleep_seconds or 0) > 0 else None


def runtime(repo: Repo, space: Space) -> dict[str, object]:
    """The JSON of a Space's state."""
    is_up = int(space.stage is Stage.RUNNING)
    state: dict[str, object] = {
        "stage": space.stage,
        "hardware": {"current": space.hardware, "requested": space.requested_hardware},
        "storage": None,
        "gcTimeout": sleeps_after(space),
        "replicas": {"current": is_up, "requested": 1},
        "devMode": space.dev_mode,
        "domains": [{"domain": host(space), "stage": "READY"}],
        "sha": space.sha,
    }
    if space.volumes:
        state["volumes"] = [volume.as_json() for volume in space.volumes]
    if space.error is not None:
        state["errorMessage"] = space.error
    return state
