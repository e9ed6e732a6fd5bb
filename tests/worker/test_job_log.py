"""What a person sees with `hf jobs logs` while the worker works, its rehearsal included."""

import re
from pathlib import Path

import pytest

from bot.localhub import base_environment
from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.worker_runs import start_worker
from worker.twin.app_environment import BASE_VARIABLE

pytestmark = pytest.mark.thorough


def test_each_line_says_when_and_about_what_and_none_says_the_same_twice(
    local_hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BASE_VARIABLE, str(base_environment.folder()))
    run = start_worker(local_hub, zoo_model(local_hub, "product-reviews-sentiment"), tmp_path)
    report = run.ends(90)

    *lines, _report = run.output.splitlines()
    said = [re.fullmatch(r"\d\d:\d\d:\d\d (\w+) +(\w+) +(\S.*)", line) for line in lines]
    assert all(said), run.output
    assert {each[1] for each in said if each} == {*(each.phase for each in report.phases), "twin", "end"}
    assert [each[2] for each in said[-3:] if each] == ["verdict", "weights", "space"]
    assert len({each[3] for each in said if each}) == len(said)
    assert "Traceback" not in run.output
