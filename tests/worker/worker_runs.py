"""Starts `python -m worker build` as a Job does, and reads what it leaves."""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.worker.models_on_the_hub import Model
from worker.contract import (
    RECORD_VARIABLE,
    REPORT_KEY_VARIABLE,
    REPORT_LINE,
    SPEC_VARIABLE,
    Progress,
    ProgressEvent,
    Report,
)
from worker.twin.app_environment import BASE_VARIABLE

PROJECT = Path(__file__).parents[2]
KEY = "the-report-key-of-this-run"
COMPLETE = {
    "state.json",
    "events.jsonl",
    "report.json",
    "report.md",
    "target_space.json",
    "tests/api_schema.json",
    "tests/test_result.json",
    "inference_gate.json",
    "runtime_recommendation.json",
    "checklist.json",
    "logs/space_build.txt",
    "logs/space_run.txt",
}
"""The files that every record has, however its run ended."""


@dataclass
class WorkerRun:
    """A worker that was started. `ends` waits for it."""

    process: subprocess.Popen[str]
    record: Path
    output: str = ""

    def ends(self, seconds: float = 60) -> Report:
        """The report in the last line of the log."""
        self.output, _ = self.process.communicate(timeout=seconds)
        last = self.output.rstrip("\n").splitlines()[-1]
        assert last.startswith(REPORT_LINE), self.output[-3000:]
        return Report.model_validate_json(last.removeprefix(REPORT_LINE))

    def reaches(self, phase: str) -> None:
        wait_until(lambda: self.state().phase == phase, f"the phase {phase}", seconds=30)

    def state(self) -> Progress:
        file = self.record / "state.json"
        wait_until(file.exists, "the first state")
        return Progress.model_validate_json(file.read_text())

    def events(self) -> list[ProgressEvent]:
        lines = (self.record / "events.jsonl").read_text().splitlines()
        return [ProgressEvent.model_validate_json(line) for line in lines]

    def files(self) -> set[str]:
        return {str(path.relative_to(self.record)) for path in self.record.rglob("*") if path.is_file()}

    def json(self, name: str) -> object:
        return json.loads((self.record / name).read_text())

    def texts(self) -> str:
        """Everything the run wrote or said."""
        return self.output + "".join(
            path.read_bytes().decode(errors="replace") for path in self.record.rglob("*") if path.is_file()
        )


def start_worker(
    hub: LocalHub,
    model: Model,
    folder: Path,
    *,
    space: str = "",
    run_id: str = "",
    token: str | None = None,
    report_url: str | None = None,
    environ: dict[str, str] | None = None,
    module: str = "worker",
    **spec: object,
) -> WorkerRun:
    """A worker for alice. Without names the run and its Space get fresh ones."""
    run_id = run_id or f"run-{secrets.token_hex(4)}"
    document = {
        "run_id": run_id,
        "model_id": model.id,
        "revision": model.revision,
        "target_space": space or f"alice/demo-{secrets.token_hex(3)}",
        "report_url": report_url,
        **spec,
    }
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "bucket" / "runs" / run_id
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "HOME": str(folder),
        "HF_ENDPOINT": hub.endpoint,
        "JOB_ID": "job-1",
        "HF_TOKEN": hub.token("alice") if token is None else token,
        SPEC_VARIABLE: json.dumps(document),
        RECORD_VARIABLE: str(record),
        REPORT_KEY_VARIABLE: KEY,
        **{name: os.environ[name] for name in (BASE_VARIABLE,) if name in os.environ},
        **(environ or {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(spec.get("kind", "build"))],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return WorkerRun(process, record)
