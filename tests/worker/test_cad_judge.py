"""The judge of CAD Spaces against one that lies: it claims what was asked for, and gives the same cube."""

from pathlib import Path

import pytest

from tests.worker.running_apps import PROJECT, environment_for, running_app
from worker.apps import read_app
from worker.apps.answers import Visit
from worker.apps.judges import JUDGES
from worker.contract import App
from worker.validate.client import AppClient
from worker.validate.gate import Findings, decide

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]
LIAR = PROJECT / "tests" / "worker" / "data" / "lying_cad_app.py"
CAUGHT = {
    *("type", "substance", "volume", "size", "step", "run_log", "input_sensitive", "refusals"),
    *("source", "untracked_logs", "prompt_cap"),
}


def test_a_space_that_only_says_that_it_makes_parts_is_caught(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    python = environment_for(tmp_path / "requirements.txt", tmp_path)
    app = read_app(App.CAD)
    with running_app(python, LIAR, tmp_path, "http://127.0.0.1:9") as space:
        visit = Visit(
            app=app,
            client=AppClient(space.url, None, folder=tmp_path / "answers"),
            health=space.get("/health").json(),
            files={"app.py": "exec(text)"},
            tracked=("artifacts/logs/runs.jsonl",),
        )
        evidence = JUDGES[App.CAD](visit).evidence

    said = {each.name: each for each in evidence}
    assert {name for name in CAUGHT if said[name].passed is not False} == set()
    assert said["rate_limit"].passed is not True
    assert "instead of" in said["substance"].detail
    assert (
        decide(Findings(running=True, tested=True, shows_model=False, evidence=evidence)).verdict == "failed"
    )
