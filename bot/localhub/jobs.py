"""Jobs: launching, finding, following and cancelling them. They run as processes of this machine."""

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.localhub import bucket_files, bucket_records, hardware, job_runner, repos
from bot.localhub.accounts import Caller, MaybeCaller, TheCaller, TheHub, User
from bot.localhub.errors import HubError, forbidden
from bot.localhub.job_records import Job, Party, Stage, Volume, change, describe, find, log_of
from bot.localhub.logs import event_stream
from bot.localhub.paging import one_page
from bot.localhub.sessions import browser_caller
from bot.localhub.state import Hub, now

router = APIRouter()
API = "/api/jobs/{namespace}"
PAGE = 100
_LABEL = re.compile(r"[\w.-]{1,100}", re.ASCII)
_INTERRUPTED = "The Hub was stopped while the Job was on its way"


class NewJob(BaseModel):
    """The body of a launch. What is not known here is refused by name in `_check`."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", coerce_numbers_to_str=True)

    docker_image: str | None = None
    space_id: str | None = None
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    secrets: dict[str, str] = {}
    flavor: str = "cpu-basic"
    timeout_seconds: int = Field(default=1800, ge=1)
    attempts: int = Field(default=1, ge=1, le=10)
    labels: dict[str, str] = {}
    volumes: tuple[Volume, ...] = ()


_KEPT = set(NewJob.model_fields) - {"secrets", "labels"}


class Labels(BaseModel):
    labels: dict[str, str]


@router.get("/api/jobs/hardware")
def list_hardware() -> list[dict[str, object]]:
    return [flavor.as_json() for flavor in hardware.FOR_JOBS.values()]


@router.post(API)
def run_job(hub: TheHub, caller: TheCaller, namespace: str, body: NewJob) -> dict[str, object]:
    owner = _namespace(hub, caller, namespace)
    _check(body)
    _authorise(hub, caller, body)
    job = Job(
        **body.model_dump(
            exclude={"secrets", "labels"}, exclude_unset=False, include=set(NewJob.model_fields)
        ),
        id=secrets.token_hex(12),
        owner=_party(owner),
        initiator=_party(caller.user),
        secret_names=tuple(sorted(body.secrets)),
        labels={"name": _default_name(body), **_checked_labels(body.labels)},
        created_at=now(),
    )
    hub.all(Job).put(job.id, job)
    job_runner.start(hub, job, body.secrets)
    return describe(job)


def _namespace(hub: Hub, caller: Caller, namespace: str) -> User:
    """The namespace's owner, if the caller may have Jobs there."""
    caller.require("jobs")
    owner = hub.all(User).get(namespace)
    if owner is None or not caller.owns(hub, namespace):
        raise forbidden(f'You don\'t have the rights to use Jobs in the namespace "{namespace}"')
    return owner


def _check(body: NewJob) -> None:
    if unknown := sorted({"expose", "ssh", "network", "resourceGroupId"} & set(body.model_extra or {})):
        raise HubError(501, f"The local Hub does not have {unknown[0]} for Jobs yet")
    if (body.docker_image is None) == (body.space_id is None):
        raise HubError(400, "A Job needs either a dockerImage or a spaceId")
    if not body.command and not body.arguments:
        raise HubError(400, "A Job here needs a command: there is no image whose own command could be run")
    if body.flavor not in hardware.FOR_JOBS:
        raise HubError(
            400, f"Unknown flavor {body.flavor[:100]!r}. Choose one of {', '.join(hardware.FOR_JOBS)}"
        )


def _authorise(hub: Hub, caller: Caller, body: NewJob) -> None:
    """What the Job will reach is checked now, with the token of who launches it."""
    if body.space_id is not None:
        repos.find(hub, repos.RepoKind.SPACE, body.space_id, caller)
    for volume in body.volumes:
        if volume.type != "bucket":
            raise HubError(
                501, f"The local Hub does not have {volume.type} volumes for Jobs yet, only buckets"
            )
        if not re.fullmatch(r"(/[\w.-]+)+", volume.mount_path):
            raise HubError(400, f"Invalid mount path {volume.mount_path[:100]!r}: it must be like /data")
        if volume.path and not bucket_files.is_proper(volume.path):
            raise HubError(400, f"Invalid path in the bucket: {volume.path[:200]!r}")
        bucket_records.find(hub, volume.source, caller, write=not volume.read_only)


def _checked_labels(labels: dict[str, str]) -> dict[str, str]:
    for word in [*labels, *filter(None, labels.values())]:
        if not _LABEL.fullmatch(word):
            raise HubError(
                400, f"Invalid label {word[:100]!r}: use at most 100 letters, digits, '-', '_' or '.'"
            )
    return labels


def _default_name(body: NewJob) -> str:
    image = (body.docker_image or body.space_id or "").rstrip("/").rpartition("/")[2]
    return re.sub(r"[^\w-]", "-", image, flags=re.ASCII)[:100]


def _party(user: User) -> Party:
    return Party(id=user.id, name=user.name, type=user.type)


@router.get(API)
def list_jobs(
    request: Request,
    hub: TheHub,
    caller: TheCaller,
    namespace: str,
    stage: Annotated[list[str], Query(default_factory=list)],
    label: Annotated[list[str], Query(default_factory=list)],
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    """Newest first. Several stages mean any of them, several labels (`key=value`) all of them."""
    _namespace(hub, caller, namespace)
    wanted = {tuple(word.partition("=")[::2]) for word in label}
    found = [
        describe(job)
        for job in reversed(list(hub.all(Job)))
        if job.owner.name == namespace
        and (not stage or job.stage in stage)
        and wanted <= set(job.labels.items())
    ]
    shown, headers = one_page(request, found, cursor, PAGE)
    return JSONResponse(shown, headers=headers)


def _job(hub: TheHub, caller: TheCaller, namespace: str, job_id: str) -> Job:
    return find(hub, namespace, job_id, caller)


TheJob = Annotated[Job, Depends(_job)]


@router.get(API + "/{job_id}")
def inspect_job(job: TheJob) -> dict[str, object]:
    return describe(job)


@router.post(API + "/{job_id}/cancel")
def cancel_job(hub: TheHub, job: TheJob) -> dict[str, object]:
    if job.stage.is_final:
        raise HubError(400, f"The Job has already ended: {job.stage}")
    job_runner.end(job.id, Stage.CANCELED)
    return describe(hub.all(Job).get(job.id) or job)


@router.put(API + "/{job_id}/labels")
def change_labels(hub: TheHub, job: TheJob, body: Labels) -> dict[str, object]:
    name = {"name": job.labels["name"]} if "name" in job.labels else {}
    return describe(change(hub, job.id, labels={**name, **_checked_labels(body.labels)}))


@router.get(API + "/{job_id}/logs")
def follow_log(
    request: Request,
    hub: TheHub,
    caller: MaybeCaller,
    namespace: str,
    job_id: str,
    tail: Annotated[int | None, Query(ge=0)] = None,
) -> StreamingResponse:
    """What the Job wrote and writes, until it ends; also for who is signed in with the browser."""
    reader = caller or browser_caller(request)
    if reader is None:
        raise HubError(401, "Invalid username or password.")
    job = find(hub, namespace, job_id, reader)
    return event_stream(log_of(hub, job.id), lambda: _has_ended(hub, job), tail=tail)


def _has_ended(hub: Hub, job: Job) -> bool:
    latest = hub.all(Job).get(job.id)
    return latest is None or latest.stage.is_final


def resume(hub: Hub) -> None:
    """After a start: Jobs that were on their way have lost their processes and secrets. Say so."""
    for job in hub.all(Job):
        if not job.stage.is_final:
            change(hub, job.id, stage=Stage.ERROR, message=_INTERRUPTED, finished_at=now())


def stop_all(hub: Hub) -> None:
    job_runner.end_all(hub, Stage.ERROR, _INTERRUPTED)
