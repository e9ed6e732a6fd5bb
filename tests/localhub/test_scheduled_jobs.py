"""Scheduled Jobs: set up and changed with the real client, launched when they are due."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from huggingface_hub import HfApi, JobInfo
from huggingface_hub._jobs_api import ScheduledJobInfo
from huggingface_hub.errors import HfHubHTTPError

from bot.localhub.schedules import Schedule
from bot.localhub.state import Hub
from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.some_jobs import SLEEP, end_of, log, stage


def schedule(api: HfApi, code: str = "print('ran')", **options: Any) -> ScheduledJobInfo:
    options = {"schedule": "@hourly", "namespace": "alice", "image": "python:3.12", **options}
    return api.create_scheduled_job(command=["python", "-c", code], **options)


def seen(api: HfApi, made: ScheduledJobInfo) -> ScheduledJobInfo:
    return api.inspect_scheduled_job(scheduled_job_id=made.id, namespace="alice")


@pytest.fixture
def api(hub: LocalHub) -> Iterator[HfApi]:
    api = hub.api("alice")
    yield api
    for left in api.list_scheduled_jobs(namespace="alice"):
        api.delete_scheduled_job(scheduled_job_id=left.id, namespace="alice")


def test_a_schedule_says_when_it_comes_next(api: HfApi) -> None:
    hourly = schedule(api, env={"A": "1"}, secrets={"S": "a-made-up-secret"}, timeout="5m", attempts=2)
    due = hourly.status.next_job_run_at
    assert due is not None
    assert (due.minute, due.second) == (0, 0)
    assert timedelta(0) < due - datetime.now(UTC) <= timedelta(hours=1)
    found = seen(api, hourly)
    assert (found.schedule, found.suspend, found.concurrency, found.owner.name) == (
        "@hourly",
        False,
        False,
        "alice",
    )
    spec = found.job_spec
    assert (spec.environment, spec.secrets, spec.timeout, spec.retry) == ({"A": "1"}, ["S"], 300, 1)
    monday = schedule(api, schedule="0 9 * * 1").status.next_job_run_at
    assert monday is not None
    assert (monday.weekday(), monday.hour, monday.minute) == (0, 9, 0)


def test_a_schedule_is_run_now_with_its_secrets(api: HfApi) -> None:
    made = schedule(api, "import os; print('told', os.environ['S'][::-1])", secrets={"S": "terces"})
    job = api.trigger_scheduled_job(scheduled_job_id=made.id, namespace="alice")
    assert end_of(api, job).status.stage == "COMPLETED"
    assert log(api, job) == ["told secret"]
    assert job.initiator is not None
    assert (job.initiator.type, job.initiator.id) == ("scheduled-job", made.id)
    last = seen(api, made).status.last_job
    assert last is not None
    assert last.id == job.id


def test_a_schedule_is_changed_suspended_resumed_and_deleted(api: HfApi) -> None:
    made = schedule(api, labels={"team": "red"})
    address = {"scheduled_job_id": made.id, "namespace": "alice"}
    api.suspend_scheduled_job(**address)
    assert (seen(api, made).suspend, seen(api, made).status.next_job_run_at) == (True, None)
    api.resume_scheduled_job(**address)
    assert seen(api, made).status.next_job_run_at is not None
    assert api.update_scheduled_job_schedule(**address, schedule="*/5 * * * *").schedule == "*/5 * * * *"
    labels = api.update_scheduled_job_labels(**address, labels={"team": "blue"}).job_spec.labels
    assert labels is not None
    assert labels["team"] == "blue"
    assert [found.id for found in api.list_scheduled_jobs(namespace="alice", labels={"team": "blue"})] == [
        made.id
    ]
    assert api.list_scheduled_jobs(namespace="alice", labels={"team": "red"}) == []
    api.delete_scheduled_job(**address)
    with pytest.raises(HfHubHTTPError) as gone:
        seen(api, made)
    assert gone.value.response.status_code == 404


@pytest.mark.parametrize("wrong", ["@sometimes", "61 * * * *", "* * * *", "* * * * * *", ""])
def test_what_is_no_schedule_is_refused(api: HfApi, wrong: str) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid schedule") as refused:
        schedule(api, schedule=wrong)
    assert refused.value.response.status_code == 400


def test_a_strangers_schedule_is_not_there(hub: LocalHub, api: HfApi) -> None:
    made = schedule(api)
    bob = hub.api("bob")
    with pytest.raises(HfHubHTTPError) as refused:
        bob.trigger_scheduled_job(scheduled_job_id=made.id, namespace="alice")
    assert refused.value.response.status_code == 404
    with pytest.raises(HfHubHTTPError) as refused:
        bob.list_scheduled_jobs(namespace="alice")
    assert refused.value.response.status_code == 403


def make_due(stopped: LocalHub, made: ScheduledJobInfo, seconds_ago: float) -> None:
    """Move the time of the next launch, in the folder of a Hub that does not run."""
    hub = Hub(endpoint="", folder=stopped.folder.resolve())
    record = hub.all(Schedule).get(made.id)
    assert record is not None
    hub.all(Schedule).put(made.id, record.model_copy(update={"due_at": time.time() - seconds_ago}))
    hub.documents.close()


def jobs_of(api: HfApi, made: ScheduledJobInfo) -> list[JobInfo]:
    jobs = api.list_jobs(namespace="alice")
    return [job for job in jobs if job.initiator is not None and job.initiator.id == made.id]


def test_a_job_is_launched_when_its_time_has_come(own_hub: LocalHub) -> None:
    api = own_hub.api("alice")
    due, long_ago, suspended = schedule(api), schedule(api), schedule(api, suspend=True)
    own_hub.stop()
    make_due(own_hub, due, 1)
    make_due(own_hub, long_ago, 3600)
    make_due(own_hub, suspended, 1)
    own_hub.start()
    api = own_hub.api("alice")
    [job] = wait_until(lambda: jobs_of(api, due), "the Job that was due")
    assert end_of(api, job).status.stage == "COMPLETED"
    wait_until(lambda: seen(api, long_ago).status.next_job_run_at > datetime.now(UTC), "the next time")
    assert (jobs_of(api, long_ago), jobs_of(api, suspended), len(jobs_of(api, due))) == ([], [], 1)


def test_only_with_concurrency_a_job_is_launched_beside_the_one_before(own_hub: LocalHub) -> None:
    api = own_hub.api("alice")
    alone, beside = schedule(api, SLEEP), schedule(api, SLEEP, concurrency=True)
    first = {
        made.id: api.trigger_scheduled_job(scheduled_job_id=made.id, namespace="alice")
        for made in (alone, beside)
    }
    for job in first.values():
        wait_until(lambda job=job: stage(api, job) == "RUNNING", "the first Job")
    for made in (alone, beside):
        api.update_scheduled_job_schedule(scheduled_job_id=made.id, namespace="alice", schedule="* * * * *")
    wait_until(lambda: len(jobs_of(api, beside)) > 1, "the second Job, at the full minute", seconds=75)
    assert len(jobs_of(api, alone)) == 1
