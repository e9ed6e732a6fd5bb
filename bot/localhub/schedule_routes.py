"""Scheduled Jobs over the API: set up, list, change, suspend, run now, delete."""

import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from bot.localhub import job_launch, job_records, job_specs, schedule_clock
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.job_specs import JobSpec, checked_labels
from bot.localhub.schedules import Schedule, change, describe, due_after, find
from bot.localhub.state import Hub, now

router = APIRouter()
API = "/api/scheduled-jobs/{namespace}"


class NewSchedule(BaseModel):
    model_config = ConfigDict(extra="ignore")

    spec: JobSpec = Field(alias="jobSpec")
    schedule: str
    suspend: bool = False
    concurrency: bool = False


class Labels(BaseModel):
    labels: dict[str, str]


class When(BaseModel):
    schedule: str


@router.post(API)
def create(hub: TheHub, caller: TheCaller, namespace: str, body: NewSchedule) -> dict[str, object]:
    owner = job_launch.namespace_for(hub, caller, namespace)
    job_specs.check(hub, caller, body.spec)
    schedule = Schedule(
        id=secrets.token_hex(12),
        owner=job_launch.party(owner),
        creator=caller.user.name,
        spec=body.spec.with_name(),
        schedule=body.schedule,
        suspend=body.suspend,
        concurrency=body.concurrency,
        created_at=now(),
        due_at=due_after(body.schedule, time.time()),
    )
    return describe(hub.all(Schedule).put(schedule.id, schedule))


@router.get(API)
def list_schedules(
    hub: TheHub, caller: TheCaller, namespace: str, label: str | None = None
) -> list[dict[str, object]]:
    """Newest first; `label` is one `key=value`."""
    job_launch.namespace_for(hub, caller, namespace)
    wanted = label.partition("=")[::2] if label else None
    return [
        describe(schedule)
        for schedule in reversed(list(hub.all(Schedule)))
        if schedule.owner.name == namespace and (not wanted or wanted in schedule.spec.labels.items())
    ]


def _schedule(hub: TheHub, caller: TheCaller, namespace: str, schedule_id: str) -> Schedule:
    return find(hub, namespace, schedule_id, caller)


TheSchedule = Annotated[Schedule, Depends(_schedule)]


@router.get(API + "/{schedule_id}")
def inspect(schedule: TheSchedule) -> dict[str, object]:
    return describe(schedule)


@router.delete(API + "/{schedule_id}")
def delete(hub: TheHub, schedule: TheSchedule) -> dict[str, bool]:
    hub.all(Schedule).delete(schedule.id)
    return {"success": True}


@router.post(API + "/{schedule_id}/suspend")
def suspend(hub: TheHub, schedule: TheSchedule) -> dict[str, object]:
    return _changed(hub, schedule, suspend=True)


@router.post(API + "/{schedule_id}/resume")
def resume(hub: TheHub, schedule: TheSchedule) -> dict[str, object]:
    return _changed(hub, schedule, suspend=False, due_at=due_after(schedule.schedule, time.time()))


@router.post(API + "/{schedule_id}/run")
def run_now(hub: TheHub, schedule: TheSchedule) -> dict[str, object]:
    return job_records.describe(schedule_clock.launch(hub, schedule))


@router.put(API + "/{schedule_id}/labels")
def change_labels(hub: TheHub, schedule: TheSchedule, body: Labels) -> dict[str, object]:
    name = {"name": schedule.spec.labels["name"]}
    labels = {**name, **checked_labels(body.labels)}
    return _changed(hub, schedule, spec=schedule.spec.model_copy(update={"labels": labels}))


@router.post(API + "/{schedule_id}/schedule")
def change_schedule(hub: TheHub, schedule: TheSchedule, body: When) -> dict[str, object]:
    due = due_after(body.schedule, time.time())
    return _changed(hub, schedule, schedule=body.schedule, due_at=due)


def _changed(hub: Hub, changing: Schedule, /, **changes: object) -> dict[str, object]:
    changed = change(hub, changing.id, **changes)
    if changed is None:
        raise HubError(404, "Scheduled Job not found")
    return describe(changed)
