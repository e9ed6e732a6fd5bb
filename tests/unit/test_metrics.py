"""/metrics and /readyz: figures that are right, and that name nobody."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import create_app
from bot.domain.models import ApiRef, Requester, Run, RunState
from bot.store.decisions import Decision
from bot.web.metrics import exposition
from tests.harness.small_bot import small_settings
from tests.safety.test_t13_t14_t23_every_page import ask
from worker.contract import Failure, Kind, Report, Verdict, Weights

ADA = Requester(id="a" * 24, name="ada")


def a_run(name: str, state: RunState, *, launched: float | None = None, ended: float | None = None) -> Run:
    return Run(
        id=f"r_{name * 16}",
        requester=ADA,
        thread=ApiRef(user_id=ADA.id),
        kind=Kind.PLAN,
        model_id="ada/moonshot",
        target_space="ada/moonshot-demo",
        state=state,
        created_at=1000.0,
        launched_at=launched,
        ended_at=ended,
    )


def a_report(run: Run, category: str) -> Report:
    return Report.model_validate(
        {
            "run_id": run.id, "kind": run.kind, "model_id": run.model_id, "revision": "0" * 40,
            "verdict": Verdict.FAILED, "reason": "a private one", "weights": Weights(proven=False, reason=""),
            "failure": Failure(category=category, message="ada's"),
            "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:00Z",
        }
    )  # fmt: skip


@pytest.fixture
def figures(tmp_path: Path) -> dict[tuple[str, ...], float]:
    """Each sample by its name and its labels' values, in the order of their names, after four runs."""
    app = create_app(small_settings(tmp_path), clock=lambda: 2000.0)
    ctx = app.state.ctx
    runs = (
        a_run("1", RunState.SUCCEEDED, launched=1004.0, ended=1024.0),
        a_run("2", RunState.FAILED, launched=1001.0, ended=1002.0),
        a_run("3", RunState.FAILED, launched=1002.0, ended=1003.0),
        a_run("4", RunState.RUNNING, launched=1100.0),
    )
    for run in runs:
        ctx.runs.admit(run, limit=9)
    ctx.runs.hear(runs[1].id, 1002.0, a_report(runs[1], "no_hardware"))
    ctx.runs.hear(runs[2].id, 1003.0, a_report(runs[2], 'ada@example.org"} 1\n'))
    ctx.decisions.put(Decision("d_1", 1.0, ADA.id, "api:" + ADA.id, "plan", "OK", "ada's"))
    text = exposition(ctx, hub_is_well=None).decode()
    assert not [word for word in ("ada", "moonshot", "example", "a" * 24, "private") if word in text]
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return {(each.name, *(each.labels[name] for name in sorted(each.labels))): each.value for each in samples}


def test_figures_are_right_and_name_nobody(figures: dict[tuple[str, ...], float]) -> None:
    assert figures["space_factory_open_runs", "running"] == 1
    assert figures["space_factory_runs", "plan", "no_hardware", "failed"] == 1
    assert figures["space_factory_runs", "plan", "", "failed"] == 1, "what is no word stays out"
    assert figures["space_factory_run_seconds_count", "plan"] == 3
    assert figures["space_factory_run_seconds_bucket", "plan", "1.0"] == 2
    assert figures["space_factory_run_seconds_bucket", "plan", "30.0"] == 3
    assert figures["space_factory_run_seconds_sum", "plan"] == 22
    assert figures["space_factory_start_seconds_sum", "plan"] == 107
    assert figures["space_factory_deliveries", "parked"] == 0
    assert ("space_factory_up", "hub") not in figures, "nobody has asked it yet"


def test_readiness_names_each_thing_that_it_depends_on(tmp_path: Path) -> None:
    app = create_app(small_settings(tmp_path))

    first, second = (ask(app, "GET", "/readyz") for _ in range(2))

    assert first.json()["dependencies"] == {"database": "answers", "hub": "not asked yet", "discord": "off"}
    assert (second.status_code, second.json()["dependencies"]["hub"]) == (200, "does not answer")
    app.state.ctx.close_databases()
    (tmp_path / "bot.sqlite").unlink()
    without = ask(app, "GET", "/readyz")
    assert (without.status_code, without.json()["dependencies"]["database"]) == (503, "does not answer")
