"""Many runs of the real worker in one process, because starting one takes longer than most of them.

As a program it runs the worker once for each line of its input: the variables of one Job as JSON.
"""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import Model
from tests.worker.worker_runs import PROJECT
from worker.contract import RECORD_VARIABLE, REPORT_LINE, SPEC_VARIABLE, Kind, Report


@dataclass(frozen=True)
class Finished:
    """A run that is over: its report, its record folder, and what it said."""

    report: Report
    record: Path
    output: str

    def json(self, name: str) -> dict[str, object]:
        return dict(json.loads((self.record / name).read_text()))

    def texts(self) -> str:
        """Everything the run wrote or said."""
        files = (path for path in self.record.rglob("*") if path.is_file())
        return self.output + "".join(path.read_bytes().decode(errors="replace") for path in files)


def plans(
    hub: LocalHub, models: dict[str, Model], folder: Path, *, job: str = "job-1", **spec: object
) -> dict[str, Finished]:
    """A plan of each model, by the same names. `spec` changes what all of them are asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {name: folder / f"run-{secrets.token_hex(4)}" for name in models}
    jobs = [_variables(hub, models[name], records[name], job, spec) for name in models]
    done = subprocess.run(
        [sys.executable, "-m", "tests.worker.runs_in_a_row"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "HOME": str(folder),
            "HF_ENDPOINT": hub.endpoint,
        },
        input="\n".join(jobs),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    finished = {}
    said: list[str] = []
    for line in done.stdout.splitlines():
        said.append(line)
        if line.startswith(REPORT_LINE):
            report = Report.model_validate_json(line.removeprefix(REPORT_LINE))
            name = next(name for name, record in records.items() if record.name == report.run_id)
            finished[name] = Finished(report, records[name], "\n".join(said))
            said = []
    assert finished.keys() == models.keys(), done.stderr[-3000:]
    return finished


def _variables(hub: LocalHub, model: Model, record: Path, job: str, changed: dict[str, object]) -> str:
    spec = {
        "run_id": record.name,
        "kind": Kind.PLAN,
        "model_id": model.id,
        "revision": model.revision,
        "target_space": "alice/never-made",
        "budget_seconds": 120,
        **changed,
    }
    variables = {
        SPEC_VARIABLE: json.dumps(spec),
        RECORD_VARIABLE: str(record),
        "JOB_ID": job,
        "HF_TOKEN": hub.token("alice"),
    }
    return json.dumps(variables)


if __name__ == "__main__":
    from worker.__main__ import run
    from worker.environment import read_environment

    for line in sys.stdin:
        run(read_environment(json.loads(line)))
    sys.stdout.flush()
    os._exit(0)  # as the worker itself ends
