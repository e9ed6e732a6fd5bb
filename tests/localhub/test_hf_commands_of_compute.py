"""`hf jobs …` and `hf spaces …`, typed as a person would."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.one_space import OneSpace
from tests.localhub.small_apps import STATIC_README

Hf = Callable[..., str]


@pytest.fixture
def hf(hub: LocalHub, tmp_path: Path) -> Hf:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "hf"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token("alice"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "COLUMNS": "200",
    }

    def run(*words: str) -> str:
        command = [str(Path(sys.executable).with_name("hf")), *words]
        told = subprocess.run(
            command,
            check=False,
            env=environment,
            text=True,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
        )
        assert told.returncode == 0, f"{words}: {told.stdout}\n{told.stderr}"
        return told.stdout + told.stderr

    return run


def job_id_in(text: str) -> str:
    found = re.search(r"\b[0-9a-f]{24}\b", text)
    assert found, text
    return found[0]


def test_jobs_are_run_listed_inspected_and_cancelled(hf: Hf) -> None:
    assert "typed by hand" in hf("jobs", "run", "python:3.12", "python", "-c", "print('typed by hand')")
    detached = hf("jobs", "run", "--detach", "--label", "by=hand", "python:3.12", "sleep", "600")
    job = job_id_in(detached)
    wait_until(
        lambda: "RUNNING" in hf("jobs", "inspect", job, "--format", "json"), "the Job to run", every=0.2
    )
    assert job in hf("jobs", "ps")
    assert job in hf("jobs", "ps", "--label", "by=hand")
    hf("jobs", "cancel", job)
    assert "CANCELED" in hf("jobs", "inspect", job, "--format", "json")
    again = job_id_in(hf("jobs", "rerun", "--detach", job))
    assert again != job
    hf("jobs", "cancel", again)
    assert "cpu-basic" in hf("jobs", "hardware")


def test_a_jobs_log_is_read_and_a_job_is_run_by_uv(hf: Hf) -> None:
    job = job_id_in(hf("jobs", "uv", "run", "--detach", "python", "-c", "print('by uv')"))
    hf("jobs", "wait", job)
    assert "by uv" in hf("jobs", "logs", job)


def test_jobs_are_scheduled(hf: Hf) -> None:
    made = job_id_in(hf("jobs", "scheduled", "run", "@hourly", "python:3.12", "python", "-c", "print(1)"))
    assert made in hf("jobs", "scheduled", "ps")
    assert "@hourly" in hf("jobs", "scheduled", "inspect", made)
    for order in ("suspend", "resume", "delete"):
        hf("jobs", "scheduled", order, made)
    assert made not in hf("jobs", "scheduled", "ps", "-a")


def test_spaces_are_set_up_watched_and_stopped(hub: LocalHub, hf: Hf) -> None:
    space = OneSpace(hub, space_sdk="static")
    space.push({"README.md": STATIC_README, "index.html": "<p>here"})
    assert "RUNNING" in hf("spaces", "wait", space.id)
    hf("spaces", "variables", "add", space.id, "-e", "A=1")
    assert "A" in hf("spaces", "variables", "ls", space.id)
    hf("spaces", "secrets", "add", space.id, "-s", f"S={secrets.token_hex(4)}")
    assert "S" in hf("spaces", "secrets", "ls", space.id)
    assert "Commit SHA" in hf("spaces", "logs", space.id, "--build")
    hf("spaces", "restart", space.id)
    assert "cpu-upgrade" in hf("spaces", "hardware")
    assert "2400" in hf("spaces", "zero-gpu", "quota")
    assert space.id in hf("spaces", "info", space.id)
    space.delete()
