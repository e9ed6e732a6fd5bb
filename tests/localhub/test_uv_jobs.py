"""Jobs that uv runs, as the real client sends them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.localhub.some_jobs import end_of, log

SCRIPT = """
# /// script
# requires-python = ">=3.11"
# ///
import sys
print("ran", *sys.argv[1:])
"""


@pytest.mark.filterwarnings("ignore:.*experimental.*:UserWarning")
def test_uv_runs_a_command_without_a_file(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = api.run_uv_job("python", script_args=["-c", "print('by uv')"], namespace="alice")
    assert job.docker_image == "ghcr.io/astral-sh/uv:python3.12-bookworm"
    assert end_of(api, job).status.stage == "COMPLETED"
    assert "by uv" in log(api, job)


def test_uv_runs_a_local_script_that_the_client_puts_into_a_bucket(hub: LocalHub, tmp_path: Path) -> None:
    script = tmp_path / "tell me.py"
    script.write_text(SCRIPT)
    uploading = f"""
from huggingface_hub import HfApi
api = HfApi()
job = api.run_uv_job({str(script)!r}, script_args=["--fast"], namespace="alice")
ended = api.wait_for_job(job.id, namespace="alice", timeout=60, poll_interval=0.1)
print(ended.status.stage, *api.fetch_job_logs(job_id=job.id, namespace="alice"))
"""
    environment = {
        "PATH": os.environ["PATH"],
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token("alice"),
        "HF_HOME": str(tmp_path / "home"),
    }
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", uploading],
        check=False,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert "COMPLETED ran --fast" in told.stdout, told.stdout + told.stderr
