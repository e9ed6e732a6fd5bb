"""Jobs as records, and how the Hub shows one. Their secrets are never part of a record."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError
from bot.localhub.logs import Log
from bot.localhub.state import Hub, Record, now
from bot.localhub.volumes import Volume


class Stage(StrEnum):
    SCHEDULING = "SCHEDULING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    CANCELED = "CANCELED"

    @property
    def is_final(self) -> bool:
        return self not in {Stage.SCHEDULING, Stage.RUNNING}


class Party(BaseModel):
    """Whose a Job is."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    type: str


class Initiator(BaseModel):
    """What started a Job: a person, or by its `type` a schedule, a webhook, or another Job done again."""

    model_config = ConfigDict(frozen=True)

    type: str
    id: str
    name: str | None = None


class Job(Record):
    id: str
    """24 hex digits, also its key."""
    owner: Party
    initiator: Initiator
    docker_image: str | None
    space_id: str | None
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    environment: dict[str, str]
    secret_names: tuple[str, ...]
    flavor: str
    timeout_seconds: int
    attempts: int
    labels: dict[str, str]
    volumes: tuple[Volume, ...]
    stage: Stage = Stage.SCHEDULING
    message: str | None = None
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None


def find(hub: Hub, namespace: str, job_id: str, caller: Caller) -> Job:
    """The Job, if it is of this namespace and the caller belongs there; else JobNotFound."""
    caller.require("jobs")
    job = hub.all(Job).get(job_id)
    if job is None or job.owner.name != namespace or not caller.owns(hub, namespace):
        raise HubError(404, "Job not found")
    return job


def change(hub: Hub, job_id: str, **changes: object) -> Job:
    with hub.lock:
        job = hub.all(Job).get(job_id)
        assert job is not None
        return hub.all(Job).put(job_id, job.model_copy(update=changes))


def folder_of(hub: Hub, job_id: str) -> Path:
    return hub.folder / "jobs" / job_id


def log_of(hub: Hub, job_id: str) -> Log:
    return Log(folder_of(hub, job_id) / "log")


def describe(job: Job) -> dict[str, object]:
    return {
        "type": "job",
        "id": job.id,
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "finishedAt": job.finished_at,
        "dockerImage": job.docker_image,
        "spaceId": job.space_id,
        "command": job.command,
        "arguments": job.arguments,
        "environment": job.environment,
        "secrets": job.secret_names,
        "flavor": job.flavor,
        "timeoutSeconds": job.timeout_seconds,
        "retry": job.attempts - 1,
        "labels": job.labels,
        "volumes": [volume.as_json() for volume in job.volumes],
        "status": {"stage": job.stage, "message": job.message},
        "durations": _durations(job),
        "owner": job.owner.model_dump(),
        "initiator": job.initiator.model_dump(),
    }


def _durations(job: Job) -> dict[str, int | None]:
    end = job.finished_at or now()
    return {
        "schedulingSecs": _seconds(job.created_at, job.started_at),
        "runningSecs": _seconds(job.started_at, end),
        "totalSecs": _seconds(job.created_at, end),
    }


def _seconds(start: str | None, end: str | None) -> int | None:
    if start is None or end is None:
        return None
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())
