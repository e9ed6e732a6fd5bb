"""A model that no blueprint covers, from its card to the verdict: the whole worker, and a scripted writer."""

from pathlib import Path

import pytest

from tests.author.uncovered import app, built, uncovered_model
from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model.behaviours import answers_with, bash, script, write, writes_a_placeholder
from tests.harness.scripted_model.steps import Say
from tests.worker.models_on_the_hub import Model
from tests.worker.worker_runs import start_worker
from worker.authoring import ROUTER_VARIABLE
from worker.contract import Author, Verdict

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1300)]


@pytest.fixture
def uncovered(local_hub: LocalHub) -> Model:
    return uncovered_model(local_hub)


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


def test_a_rebuild_brings_in_what_the_agent_wrote_with_all_its_files(
    local_hub: LocalHub, uncovered: Model, tmp_path: Path
) -> None:
    first = script([Say("", (write("app.py", app()),)), Say("Done.")])
    table = "head -c 3000 /dev/urandom > table.dat"
    second = script([Say("", (write("app.py", f"{app()}# Anew.\n"), bash(table))), Say("Done.")])

    made, _ = built(local_hub, uncovered, tmp_path / "first", first, author=Author.PI)
    report, run = built(
        local_hub,
        uncovered,
        tmp_path / "second",
        second,
        author=Author.PI,
        space=made.space_id,
        rebuild_of=made.space_id,
    )

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert report.space_id == made.space_id
    api = local_hub.api("alice")
    assert "table.dat" in api.list_repo_files(str(made.space_id), repo_type="space")
    page, source = (
        Path(api.hf_hub_download(str(made.space_id), name, repo_type="space")).read_text()
        for name in ("README.md", "app.py")
    )
    assert source.endswith("# Anew.\n")
    assert f'Client("{made.space_id}"' in page


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
