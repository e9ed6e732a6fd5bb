"""A worker that is killed while an agent writes: the next one goes on with what is left of the budget."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.author.uncovered import app, started, uncovered_model
from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.behaviours import bash, refuses, script, write
from tests.harness.scripted_model.steps import Behaviour, Say
from tests.harness.waiting import wait_until
from tests.worker.models_on_the_hub import Model
from tests.worker.worker_runs import COMPLETE, WorkerRun
from worker.author.notebook import LEDGER, STATE, TRACES
from worker.author.traces import TURNS
from worker.contract import Author, Report, Verdict

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1300)]
RUN = "run-that-is-stopped"
WORDS = Say("", (write("app.py", app()),))
SLEEPS = script([Say("I begin.", (bash("echo begun"),)), Say("", (bash("sleep 250"),))])


class Stopping:
    """Workers of one run, one after the other, each with a language model of its own."""

    def __init__(self, hub: LocalHub, folder: Path, space: str) -> None:
        self.hub, self.folder, self.space = hub, folder, space
        self.model: Model = uncovered_model(hub)

    def start(self, router: ScriptedModel) -> WorkerRun:
        wishes = {"author": Author.PI, "run_id": RUN, "space": self.space}
        return started(self.hub, self.model, self.folder, router, **wishes)

    def spaces(self) -> list[str]:
        found = [each.id for each in self.hub.api("alice").list_spaces(author="alice")]
        return [each for each in found if each.startswith(self.space)]

    def killed(self, behaviour: Behaviour, when: str, seen: Any, asked: int = 1) -> ScriptedModel:
        """A worker that is killed as soon as its record says so, and its model was asked so often."""
        with ScriptedModel(behaviour) as router:
            run = self.start(router)
            wait_until(lambda: seen(record(run)) and len(router.asked) >= asked, when, 600)
            run.process.kill()
            run.process.communicate()
        return router

    def finished(self, behaviour: Behaviour) -> tuple[Report, WorkerRun, ScriptedModel]:
        with ScriptedModel(behaviour) as router:
            run = self.start(router)
            return run.ends(600), run, router


def record(run: WorkerRun, name: str = STATE) -> dict[str, Any]:
    file = run.record / name
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


@pytest.fixture
def stopping(local_hub: LocalHub, tmp_path: Path) -> Stopping:
    return Stopping(local_hub, tmp_path, f"alice/stopped-{tmp_path.name[-8:].strip('-_').lower()}")


def test_killed_in_a_turn_it_goes_on_with_what_is_left_of_the_budget(stopping: Stopping) -> None:
    first = stopping.killed(
        SLEEPS, "the second request", lambda found: found.get("spent", {}).get("requests") == 2, asked=2
    )
    report, run, second = stopping.finished(script([WORDS, Say("Done.")]))

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert stopping.spaces() == [stopping.space]
    state, spent = record(run)["state"], record(run)["spent"]
    assert (state["turns"], state["requests"]) == (2, len(first.asked) + len(second.asked))
    assert {name: state[name] for name in spent} == spent
    turns = record(run, TRACES[TURNS])
    assert turns["turns"][0]["problem"] == "The worker was stopped in this turn."
    assert turns["total"]["requests"] == state["requests"]
    assert turns["total"]["tokens"] == state["tokens"]
    assert turns["total"]["usd"] == pytest.approx(state["usd"], abs=1e-5)
    assert state["seconds"] >= turns["turns"][0]["seconds"] > 0
    assert run.files() >= COMPLETE | {STATE, LEDGER, *TRACES.values()}
    numbers = [event.seq for event in run.events()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_killed_after_publishing_it_asks_no_model_again_and_makes_no_second_space(
    stopping: Stopping,
) -> None:
    stopping.killed(
        script([WORDS, Say("Done.")]),
        "the Space's being called",
        lambda found: found.get("state", {}).get("stage") == "probe",
    )
    report, run, second = stopping.finished(refuses(500, "No more."))

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert not second.asked
    assert record(run)["state"]["turns"] == 1
    assert stopping.spaces() == [stopping.space]
    assert report.written_by and "1 turn" in report.written_by
    commits = stopping.hub.api("alice").list_repo_commits(stopping.space, repo_type="space")
    assert len(commits) == 2
    assert run.files() >= COMPLETE | {STATE, LEDGER, *TRACES.values()}


def test_killed_with_its_money_spent_it_ends_and_buys_nothing_more(stopping: Stopping) -> None:
    dear = script(
        [Say("I begin.", (bash("echo begun"),), tokens=(4_900_000, 1)), Say("", (bash("sleep 250"),))]
    )
    stopping.killed(dear, "the price of the first request", lambda found: _usd(found) > 0.97)
    report, run, second = stopping.finished(script([WORDS, Say("Done.")]))

    assert report.verdict is Verdict.FAILED, run.output
    assert report.failure and report.failure.category == "author_budget"
    assert len(second.asked) <= 1
    assert record(run)["spent"]["usd"] <= 1.0
    assert stopping.spaces() == []


def _usd(found: dict[str, Any]) -> float:
    return float(found.get("spent", {}).get("usd", 0))
