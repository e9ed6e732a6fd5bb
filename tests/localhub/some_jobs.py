"""Launching Jobs with the real client, waiting for them, and reading what they wrote."""

import json
from typing import Any

from huggingface_hub import HfApi, JobInfo

from tests.harness.local_hub import LocalHub

SLEEP = "import time; print('asleep', flush=True); time.sleep(600)"


def run(api: HfApi, code: str, **options: Any) -> JobInfo:
    options = {"namespace": "alice", "image": "python:3.12", **options}
    return api.run_job(command=["python", "-c", code], **options)


def end_of(api: HfApi, job: JobInfo) -> JobInfo:
    ended = api.wait_for_job(job.id, namespace=job.owner.name, timeout=30, poll_interval=0.05)
    assert isinstance(ended, JobInfo)
    return ended


def log(api: HfApi, job: JobInfo, **options: Any) -> list[str]:
    return list(api.fetch_job_logs(job_id=job.id, namespace=job.owner.name, **options))


def stage(api: HfApi, job: JobInfo) -> str:
    return api.inspect_job(job_id=job.id, namespace=job.owner.name).status.stage


def log_is(hub: LocalHub, job: JobInfo, text: str) -> bool:
    return text in raw_log(hub, job)


def raw_log(hub: LocalHub, job: JobInfo) -> list[str]:
    """What is in the Job's log file, without its first line: no call can interfere with that."""
    file = hub.folder / "jobs" / job.id / "log"
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line)["data"] for line in lines][1:]
