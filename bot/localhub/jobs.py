"""Jobs: launching, finding, following and cancelling them. They run as processes of this machine."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from bot.localhub import hardware, job_launch, job_metrics, job_runner, schedule_clock, schedule_routes
from bot.localhub.accounts import MaybeCaller, TheCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.job_records import Job, Stage, change, describe, find, log_of
from bot.localhub.job_specs import JobSpec, checked_labels
from bot.localhub.logs import event_stream
from bot.localhub.paging import one_page
from bot.localhub.sessions import browser_caller
from bot.localhub.state import Hub, now

router = APIRouter()
router.include_router(schedule_routes.router)
API = "/api/jobs/{namespace}"
PAGE = 100
_INTERRUPTED = "The Hub was stopped while the Job was on its way"


class Labels(BaseModel):
    labels: dict[str, str]


@router.get("/api/jobs/hardware")
def list_hardware() -> list[dict[str, object]]:
    return [flavor.as_json() for flavor in hardware.FOR_JOBS.values()]


@router.post(API)
def run_job(hub: TheHub, caller: TheCaller, namespace: str, body: JobSpec) -> dict[str, object]:
    owner = job_launch.namespace_for(hub, caller, namespace)
    return describe(job_launch.launch(hub, owner, caller, body))


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
    job_launch.namespace_for(hub, caller, namespace)
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


@router.post(API + "/{job_id}/duplicate")
def rerun_job(hub: TheHub, caller: TheCaller, job: TheJob) -> dict[str, object]:
    return describe(job_launch.again(hub, caller, job))


@router.put(API + "/{job_id}/labels")
def change_labels(hub: TheHub, job: TheJob, body: Labels) -> dict[str, object]:
    name = {"name": job.labels["name"]} if "name" in job.labels else {}
    return describe(change(hub, job.id, labels={**name, **checked_labels(body.labels)}))


@router.get(API + "/{job_id}/metrics")
def follow_metrics(hub: TheHub, job: TheJob) -> StreamingResponse:
    """What the Job uses, once a second while it runs."""
    if job.stage.is_final:
        raise HubError(406, f"The Job has already ended: {job.stage}")
    return job_metrics.event_stream(job, lambda: job_runner.pid_of(job.id), lambda: _has_ended(hub, job))


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
    """After a start: Jobs that were on their way have lost their processes and secrets. Say so.

    Schedules go on.
    """
    for job in hub.all(Job):
        if not job.stage.is_final:
            change(hub, job.id, stage=Stage.ERROR, message=_INTERRUPTED, finished_at=now())
    schedule_clock.start(hub)


def stop_all(hub: Hub) -> None:
    schedule_clock.stop(hub)
    job_runner.end_all(hub, Stage.ERROR, _INTERRUPTED)
