"""Every tiny model goes the whole road: card, plan, Space, calls, verdict; no language model is used."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.harness.local_hub import LocalHub
from tests.models.conftest import publish
from tests.models.table import Row
from tests.models.tiny import makers
from tests.models.tiny.registry import ALL
from tests.worker.worker_runs import start_worker
from worker.contract import Phase, Report, Verdict

assert makers
LONGEST = 300
"""Seconds of a Job."""


@pytest.mark.models
@pytest.mark.timeout(LONGEST + 60)
@pytest.mark.parametrize("name", ALL)
def test_a_model_of_every_family_becomes_a_space_that_answers(
    name: str,
    model_hub: LocalHub,
    tiny_folder: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    model = publish(model_hub, tiny_folder, name)

    report = start_worker(model_hub, model, tmp_path, **ALL[name].spec).ends(LONGEST)
    record_property("row", row(name, report).model_dump_json())
    if report.space_id:
        model_hub.api("alice").delete_repo(report.space_id, repo_type="space")

    assert report.blueprint == ALL[name].blueprint, report.reason
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.model_dump_json(indent=1)


def row(name: str, report: Report) -> Row:
    phases = {each.phase: each for each in report.phases}
    start = phases.get(Phase.START)
    ended = start and start.ended_at
    return Row(
        model=name,
        blueprint=report.blueprint or "-",
        verdict=report.verdict,
        weights="proven" if report.weights.proven else "not proven",
        job_seconds=(report.ended_at - report.started_at).total_seconds(),
        start_seconds=(ended - start.started_at).total_seconds() if start and ended else 0.0,
        call_seconds=median([probe.seconds for probe in report.probes] or [0.0]),
        peak_megabytes=peak_memory(report.space_id or ""),
    )


def peak_memory(space_id: str) -> int:
    """Megabytes of the largest process of a Space; every Space's process knows its own id."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"SPACE_ID={space_id}\0".encode() not in (process / "environ").read_bytes():
                continue
            status = (process / "status").read_text()
        except OSError:  # it has ended meanwhile
            continue
        peaks = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
        found = max(found, *peaks, 0)
    return found // 1024
