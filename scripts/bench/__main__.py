"""`make bench`: how long a build takes, beside the least that it could take, measured in turns in one run.

A row is a ratio: seconds of the whole Job (record, card, plan, app, Space, calls, twin, verdict) to those
of starting the same app by hand and calling it once. The first round of each model only warms up.
"""

import os
import platform
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bot.localhub import base_environment
from scripts.bench.floor import seconds_by_hand
from tests.harness.local_hub import LocalHub, people
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.worker_runs import start_worker
from worker.contract import Report
from worker.twin.app_environment import BASE_VARIABLE

MODELS = ("product-reviews-sentiment", "handwritten-digits")
ROUNDS = 4
LONGEST = 300


@dataclass
class Round:
    """One build and one start by hand, in seconds."""

    report: Report
    job: float
    by_hand: float

    @property
    def ratio(self) -> float:
        return self.job / self.by_hand


def main() -> None:
    os.environ[BASE_VARIABLE] = str(base_environment.prepare(print))
    cores = os.cpu_count()
    print(
        f"\nPython {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f} at the start\n"
    )
    print("| model | Job, s | by hand, s | ratio | least – most | rounds | verdict | weights |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        hub = LocalHub(Path(temporary) / "hub", people("alice")).start()
        try:
            measured = {name: rounds_of(hub, name, Path(temporary) / name) for name in MODELS}
        finally:
            hub.stop()
    print("\nSeconds of the Job's phases (median):\n")
    for name, rounds in measured.items():
        print(f"- {name}: {phases(rounds)}")


def rounds_of(hub: LocalHub, name: str, folder: Path) -> list[Round]:
    rounds = [one_round(hub, name, folder / str(number)) for number in range(ROUNDS)][1:]
    job, by_hand = median(each.job for each in rounds), median(each.by_hand for each in rounds)
    ratios = sorted(each.ratio for each in rounds)
    report = rounds[-1].report
    weights = "proven" if report.weights.proven else "not proven"
    spread = f"{ratios[0]:.1f} – {ratios[-1]:.1f}"
    row = f"{job:.1f} | {by_hand:.1f} | {median(ratios):.1f} | {spread} | {len(rounds)}"
    print(f"| {name} | {row} | {report.verdict} | {weights} |", flush=True)
    return rounds


def one_round(hub: LocalHub, name: str, folder: Path) -> Round:
    folder.mkdir(parents=True)
    run = start_worker(hub, zoo_model(hub, name), folder)
    report = run.ends(LONGEST)
    assert report.space_id, report.reason
    hub.api("alice").delete_repo(report.space_id, repo_type="space")
    probe = report.probes[0]
    inputs = {key: _given(run.record, value) for key, value in probe.inputs.items()}
    by_hand = seconds_by_hand(hub, run.record / "generated", probe.endpoint, inputs, folder / "by-hand")
    return Round(report, (report.ended_at - report.started_at).total_seconds(), by_hand)


def phases(rounds: list[Round]) -> str:
    took: dict[str, list[float]] = {}
    for each in rounds:
        for phase in each.report.phases:
            if phase.ended_at:
                seconds = (phase.ended_at - phase.started_at).total_seconds()
                took.setdefault(phase.phase.value, []).append(seconds)
    return ", ".join(f"{phase} {median(seconds):.1f}" for phase, seconds in took.items())


def _given(record: Path, value: object) -> object:
    """A file of the record as a path, anything else as it is."""
    file = record / value if isinstance(value, str) and value.startswith("artifacts/") else None
    return file if file and file.exists() else value


if __name__ == "__main__":
    main()
