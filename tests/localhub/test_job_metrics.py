"""What a running Job uses, as the real client follows it."""

import threading
from typing import Any

import httpx2

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.some_jobs import end_of, log_is, run

BUSY = """
import subprocess, sys
ballast = bytearray(b"x") * 50_000_000
child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
print("busy", flush=True)
child.wait()
"""


def test_metrics_show_what_all_processes_of_a_job_use_until_it_ends(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = run(api, BUSY)
    wait_until(lambda: log_is(hub, job, "busy"), "the Job to be busy")
    samples: list[dict[str, Any]] = []

    def follow() -> None:
        samples.extend(api.fetch_job_metrics(job_id=job.id, namespace="alice", follow=True))

    [now] = api.fetch_job_metrics(job_id=job.id, namespace="alice")
    assert 50_000_000 < now["memory_used_bytes"] < now["memory_total_bytes"] == 16 * 2**30
    following = threading.Thread(target=follow)
    following.start()
    with httpx2.stream(
        "GET",
        f"{hub.endpoint}/api/jobs/alice/{job.id}/metrics",
        headers={"Authorization": f"Bearer {hub.token('alice')}"},
        trust_env=False,
    ) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: metric"
        events = [next(lines) for _ in range(7)]
    assert sum(line == "event: metric" for line in events) == 2
    api.cancel_job(job_id=job.id, namespace="alice")
    following.join(30)
    assert max(sample["cpu_usage_pct"] for sample in samples) > 5
    assert set(samples[0]) >= {"cpu_millicores", "rx_bps", "tx_bps", "gpus", "replica"}


def test_a_job_that_has_ended_has_no_metrics(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = end_of(api, run(api, "pass"))
    assert list(api.fetch_job_metrics(job_id=job.id, namespace="alice")) == []
    with hub.browser() as http:
        answer = http.get(
            f"/api/jobs/alice/{job.id}/metrics", headers={"Authorization": f"Bearer {hub.token('alice')}"}
        )
    assert answer.status_code == 406
