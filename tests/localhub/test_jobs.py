"""Jobs, driven by the real client: real processes, the real stages, secrets that are nowhere on disk."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import Volume
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.some_jobs import SLEEP, end_of, log, log_is, raw_log, run, stage


def test_a_job_completes_and_keeps_its_log(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = run(api, "print('one'); print('two')", labels={"run": "r1"})
    assert job.status.stage == "SCHEDULING"
    ended = end_of(api, job)
    assert (ended.status.stage, ended.status.message) == ("COMPLETED", None)
    assert log(api, job) == ["one", "two"]
    assert log(api, job, tail=1) == ["two"]
    assert ended.created_at <= ended.started_at <= ended.finished_at  # type: ignore[operator]  # all are set by now
    assert ended.durations is not None
    assert ended.durations.total_secs is not None
    assert (ended.owner.name, ended.initiator and ended.initiator.name) == ("alice", "alice")
    assert ended.labels is not None
    assert (ended.labels["run"], ended.labels["name"][:11]) == ("r1", "python-3-12")


def test_a_failing_job_says_its_exit_code(hub: LocalHub) -> None:
    api = hub.api("alice")
    ended = end_of(api, run(api, "raise SystemExit(3)"))
    assert (ended.status.stage, ended.status.message) == ("ERROR", "Job failed with exit code: 3")


def test_a_command_that_does_not_exist_is_an_error_with_a_log(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = api.run_job(image="any", command=["no-such-command"], namespace="alice")
    assert end_of(api, job).status.message == "Job failed with exit code: 127"
    assert log(api, job) == ["no-such-command: No such file or directory"]


def test_the_environment_is_built_from_nothing(hub: LocalHub) -> None:
    code = "import json, os; print(json.dumps(dict(os.environ))); print(os.getcwd(), os.listdir())"
    api = hub.api("alice")
    job = run(
        api, code, env={"GIVEN": "yes", "NUMBER": 7}, secrets={"KEY": "hidden-value"}, flavor="cpu-upgrade"
    )
    end_of(api, job)
    written, cwd = log(api, job)
    seen = json.loads(written)
    assert (seen["JOB_ID"], seen["GIVEN"], seen["NUMBER"], seen["KEY"]) == (
        job.id,
        "yes",
        "7",
        "hidden-value",
    )
    assert seen["BROUGHT"] == "by the image"
    assert (seen["ACCELERATOR"], seen["CPU_CORES"], seen["MEMORY"]) == ("none", "8", "32Gi")
    assert seen["HF_ENDPOINT"] == hub.endpoint
    assert seen["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert cwd.endswith("work []")
    allowed = {"PATH", "HOME", "LANG", "PYTHONUNBUFFERED", "PYTHONPATH", "HF_ENDPOINT", "JOB_ID", "LC_CTYPE"}
    allowed |= {"BROUGHT", "GIVEN", "NUMBER", "KEY", "ACCELERATOR", "CPU_CORES", "MEMORY"}
    leaked = {name for name in set(seen) - allowed if not name.startswith(("PIP_", "UV_"))}
    assert {name for name in leaked if "CERT" not in name and "CA_BUNDLE" not in name} <= {
        "no_proxy",
        "NO_PROXY",
    }


def test_secrets_show_as_names_and_lie_nowhere_on_disk(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = run(api, SLEEP, secrets={"HF_TOKEN": "hf_very_secret_value"})
    wait_until(lambda: log_is(hub, job, "asleep"))
    assert api.inspect_job(job_id=job.id, namespace="alice").secrets == ["HF_TOKEN"]
    on_disk = [file for file in hub.folder.rglob("*") if file.is_file()]
    assert not [file for file in on_disk if b"hf_very_secret_value" in file.read_bytes()]
    api.cancel_job(job_id=job.id, namespace="alice")


def test_cancel_ends_the_processes(hub: LocalHub) -> None:
    api = hub.api("alice")
    code = (
        "import os, subprocess, time; print(os.getpid(), subprocess.Popen(['sleep', '600']).pid, flush=True);"
    )
    job = run(api, code + "time.sleep(600)")
    pids = wait_until(lambda: [int(pid) for line in raw_log(hub, job) for pid in line.split()])
    api.cancel_job(job_id=job.id, namespace="alice")
    assert stage(api, job) == "CANCELED"
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    with pytest.raises(HfHubHTTPError, match="already ended"):
        api.cancel_job(job_id=job.id, namespace="alice")


def test_a_job_that_takes_too_long_ends_in_error(hub: LocalHub) -> None:
    api = hub.api("alice")
    ended = end_of(api, run(api, SLEEP, timeout=1))
    assert (ended.status.stage, ended.status.message) == ("ERROR", "Job timeout")


def test_a_failing_job_is_tried_as_often_as_asked(hub: LocalHub) -> None:
    bucket = "alice/attempts"
    api = hub.api("alice")
    api.create_bucket(bucket, private=True)
    code = (
        "import pathlib; f = pathlib.Path('/count/tries'); n = len(f.read_text()) if f.exists() else 0;"
        "f.write_text('x' * (n + 1)); raise SystemExit(n < 2)"
    )
    volumes = [Volume(type="bucket", source=bucket, mount_path="/count")]
    job = run(api, code, attempts=5, volumes=volumes)
    ended = end_of(api, job)
    assert (ended.status.stage, ended.retry) == ("COMPLETED", 4)
    assert (hub.folder / "buckets" / bucket / "tries").read_text() == "xxx"


def test_jobs_are_found_by_stage_and_labels(hub: LocalHub) -> None:
    api = hub.api("alice")
    done = run(api, "pass", labels={"team": "found", "run": "1"})
    awake = run(api, SLEEP, labels={"team": "found", "run": "2"})
    end_of(api, done)
    wait_until(lambda: stage(api, awake) == "RUNNING")

    def found(**wanted: Any) -> list[str]:
        return [job.id for job in api.list_jobs(namespace="alice", **wanted)]

    assert found(labels={"team": "found"}) == [awake.id, done.id]
    assert found(labels={"team": "found", "run": "1"}) == [done.id]
    assert found(labels={"team": "found"}, status=["RUNNING", "SCHEDULING"]) == [awake.id]
    changed = api.update_job_labels(job_id=done.id, labels={"team": "lost"}, namespace="alice")
    assert changed.labels is not None
    assert changed.labels["team"] == "lost"
    assert "run" not in changed.labels
    assert found(labels={"team": "found"}) == [awake.id]
    api.cancel_job(job_id=awake.id, namespace="alice")


def test_following_a_log_yields_lines_as_they_come(hub: LocalHub) -> None:
    api = hub.api("alice")
    api.create_bucket("alice/signals", private=True)
    code = """
import pathlib, time
for name in ("one", "two"):
    print(name, flush=True)
    while not pathlib.Path("/signals", name).exists():
        time.sleep(0.05)
"""
    job = run(api, code, volumes=[Volume(type="bucket", source="alice/signals", mount_path="/signals")])
    seen = []
    for line in api.fetch_job_logs(job_id=job.id, namespace="alice", follow=True):
        # The Job goes on only when its line has been seen here.
        (hub.folder / "buckets" / "alice" / "signals" / line).touch()
        seen.append(line)
    assert seen == ["one", "two"]
    assert stage(api, job) == "COMPLETED"


def test_looking_at_the_log_of_a_running_job_misses_no_line(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = run(api, "for n in range(200): print(n)\n" + SLEEP)
    wait_until(lambda: log_is(hub, job, "asleep"))
    lines = log(api, job)
    assert (len(lines), lines[-1]) == (201, "asleep")
    api.cancel_job(job_id=job.id, namespace="alice")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_of_a_hub_that_ended_is_an_honest_error(own_hub: LocalHub, how: signal.Signals) -> None:
    api = own_hub.api("alice")
    jobs = [run(api, "import os; print(os.getpid(), flush=True);" + SLEEP) for _ in range(6)]
    for job in jobs[:4]:
        wait_until(lambda job=job: log_is(own_hub, job, "asleep"))
    pids = [int(raw_log(own_hub, job)[0]) for job in jobs[:4]]
    assert [stage(api, job) for job in jobs[4:]] == ["SCHEDULING", "SCHEDULING"]
    own_hub.restart(how)
    wait_until(lambda: not [pid for pid in pids if Path(f"/proc/{pid}").exists()], seconds=8)
    for job in jobs:
        status = api.inspect_job(job_id=job.id, namespace="alice").status
        assert (status.stage, status.message) == ("ERROR", "The Hub was stopped while the Job was on its way")
    assert "asleep" in log(api, jobs[0])


def test_a_waiting_job_is_cancelled_at_once(own_hub: LocalHub) -> None:
    api = own_hub.api("alice")
    jobs = [run(api, SLEEP) for _ in range(5)]
    assert stage(api, jobs[4]) == "SCHEDULING"
    api.cancel_job(job_id=jobs[4].id, namespace="alice")
    assert stage(api, jobs[4]) == "CANCELED"
    assert log(api, jobs[4]) == []
