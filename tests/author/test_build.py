"""A model that no blueprint covers, from its card to the verdict: the whole worker, and a scripted writer."""

from pathlib import Path

import pytest

from bot.localhub import base_environment
from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.behaviours import answers_with, script, write, writes_a_placeholder
from tests.harness.scripted_model.steps import Behaviour, Say
from tests.worker.models_on_the_hub import Model, put_model, zoo_files
from tests.worker.worker_runs import WorkerRun, start_worker
from worker.authoring import ROUTER_VARIABLE
from worker.blueprints import all_blueprints
from worker.contract import Author, Report, Verdict
from worker.twin.app_environment import BASE_VARIABLE

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(400)]


@pytest.fixture
def uncovered(local_hub: LocalHub) -> Model:
    """A model of the zoo whose card says that it is for something else."""
    files = zoo_files(local_hub, "product-reviews-sentiment")
    card = files["README.md"].replace(b"text-classification", b"tabular-classification")
    return put_model(local_hub, files | {"README.md": card})


def app() -> str:
    """What the language model writes in these tests: an app that is known to be good."""
    [blueprint] = [each for each in all_blueprints() if each.name == "text-classification-onnx"]
    return (blueprint.folder / "app.py").read_text() + "\n# Written for this model.\n"


def built(
    hub: LocalHub, model: Model, folder: Path, behaviour: Behaviour, **wishes: object
) -> tuple[Report, WorkerRun]:
    with ScriptedModel(behaviour) as router:
        environ = {ROUTER_VARIABLE: router.address, BASE_VARIABLE: str(base_environment.folder())}
        run = start_worker(hub, model, folder, environ=environ, **{"author_usd": 1.0} | wishes)
        return run.ends(300), run


def test_without_an_author_the_way_to_one_is_said(
    local_hub: LocalHub, uncovered: Model, tmp_path: Path
) -> None:
    report = start_worker(local_hub, uncovered, tmp_path).ends()

    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    assert "author=pi" in report.reason


def test_the_agent_writes_it_and_the_space_has_answered(
    local_hub: LocalHub, uncovered: Model, tmp_path: Path
) -> None:
    behaviour = script([Say("", (write("app.py", app()),)), Say("Done.")])

    report, run = built(local_hub, uncovered, tmp_path, behaviour, author=Author.PI)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert report.weights.proven, report.weights.reason
    assert report.written_by and "1 turn" in report.written_by
    assert report.space_id and report.probes
    assert "The app was written by" in (run.record / "report.md").read_text()
    assert local_hub.token("alice") not in run.texts()


def test_a_plain_question_writes_it_too(local_hub: LocalHub, uncovered: Model, tmp_path: Path) -> None:
    behaviour = answers_with(f"````file app.py\n{app()}\n````\nThat is the app.")

    report, run = built(local_hub, uncovered, tmp_path, behaviour, author=Author.DIRECT)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output


def test_a_placeholder_is_no_success_and_leaves_no_space(
    local_hub: LocalHub, uncovered: Model, tmp_path: Path
) -> None:
    report, run = built(local_hub, uncovered, tmp_path, writes_a_placeholder(), author=Author.PI)

    assert report.verdict is Verdict.FAILED, run.output
    assert report.failure and report.failure.category in {"author", "author_budget"}
    assert report.space_id is None


def test_a_router_that_is_away_is_said(local_hub: LocalHub, uncovered: Model, tmp_path: Path) -> None:
    environ = {ROUTER_VARIABLE: "http://127.0.0.1:9"}

    report = start_worker(
        local_hub, uncovered, tmp_path, environ=environ, author=Author.PI, author_usd=1.0
    ).ends()

    assert report.verdict is Verdict.FAILED
    assert report.failure and "could not be read" in report.failure.message
