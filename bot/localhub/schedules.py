"""Schedules of Jobs as records: when they are due, and how the Hub shows them.

Their secrets are kept with them, as a Space's are: they are needed long after the call that gave them.
"""

from datetime import UTC, datetime

from croniter import (  # type: ignore[import-untyped]  # it ships no types
    CroniterError,
    croniter,
)

from bot.localhub import job_specs
from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError
from bot.localhub.job_records import Party
from bot.localhub.job_specs import JobSpec
from bot.localhub.state import Hub, Record

WORDS = ("@annually", "@yearly", "@monthly", "@weekly", "@daily", "@hourly")


class Schedule(Record):
    id: str
    """24 hex digits, also its key."""
    owner: Party
    creator: str
    """Name of the person with whose rights its Jobs are launched."""
    spec: JobSpec
    schedule: str
    suspend: bool = False
    concurrency: bool = False
    """Whether a Job may be launched while the one before still runs."""
    created_at: str
    due_at: float
    """Unix time of the next launch."""
    last_job: str | None = None
    last_at: str | None = None
    problem: str | None = None
    """Why the last launch was refused."""


def due_after(schedule: str, moment: float) -> float:
    """Unix time at which the schedule comes next, in UTC. Raises HubError if it is none."""
    is_cron = len(schedule.split()) == 5
    if not is_cron and schedule not in WORDS:
        raise HubError(
            400, f"Invalid schedule {schedule[:100]!r}: use {', '.join(WORDS)} or five fields of cron"
        )
    try:
        return float(croniter(schedule, datetime.fromtimestamp(moment, UTC)).get_next(float))
    except CroniterError as error:
        raise HubError(400, f"Invalid schedule {schedule[:100]!r}: {error}") from None


def find(hub: Hub, namespace: str, schedule_id: str, caller: Caller) -> Schedule:
    """The schedule, if it is of this namespace and the caller belongs there."""
    caller.require("jobs")
    found = hub.all(Schedule).get(schedule_id)
    if found is None or found.owner.name != namespace or not caller.owns(hub, namespace):
        raise HubError(404, "Scheduled Job not found")
    return found


def change(hub: Hub, schedule_id: str, **changes: object) -> Schedule | None:
    """The changed record; None if it was deleted meanwhile."""
    with hub.lock:
        found = hub.all(Schedule).get(schedule_id)
        if found is None:
            return None
        return hub.all(Schedule).put(schedule_id, found.model_copy(update=changes))


def describe(schedule: Schedule) -> dict[str, object]:
    last = {"id": schedule.last_job, "at": schedule.last_at} if schedule.last_job else None
    due = datetime.fromtimestamp(schedule.due_at, UTC).isoformat(timespec="milliseconds")
    return {
        "type": "scheduled-job",
        "id": schedule.id,
        "createdAt": schedule.created_at,
        "jobSpec": job_specs.describe(schedule.spec),
        "schedule": schedule.schedule,
        "suspend": schedule.suspend,
        "concurrency": schedule.concurrency,
        "status": {
            "lastJob": last,
            "nextJobRunAt": None if schedule.suspend else due.replace("+00:00", "Z"),
            "message": schedule.problem,
        },
        "owner": schedule.owner.model_dump(),
        "initiator": {"type": "user", "name": schedule.creator},
    }
