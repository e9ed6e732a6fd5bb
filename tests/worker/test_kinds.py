"""The Jobs that are no builds: a hello, a plan, and the validation of a Space that exists."""

import secrets
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import Model, put_model, zoo_model
from tests.worker.worker_runs import start_worker
from worker.contract import AnswerType, Kind, Phase, Validation, Verdict

pytestmark = pytest.mark.thorough

NO_MODEL = Model("", "")
TEXT = "product-reviews-sentiment"
ECHO = """
import gradio as gr

gr.Interface(lambda text: text, "textbox", "textbox", api_name="say").launch()
"""


def test_a_hello_checks_the_account_and_the_record_and_creates_nothing(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    run = start_worker(local_hub, NO_MODEL, tmp_path, kind=Kind.HELLO)
    report = run.ends()

    assert report.verdict is Verdict.ACCOUNT_READY
    assert [each.phase for each in report.phases] == [Phase.ACCOUNT, Phase.RECORD]
    assert report.phases[0].message.startswith("The Job runs as alice: ")
    assert (run.record / "hello.txt").read_text()
    assert report.space_id is None


def test_a_hello_with_somebody_elses_token_says_so(local_hub: LocalHub, tmp_path: Path) -> None:
    token = local_hub.token("bob")

    report = start_worker(local_hub, NO_MODEL, tmp_path, kind=Kind.HELLO, token=token).ends()

    assert report.verdict is Verdict.FAILED
    assert report.reason == "This Job runs as bob, and the Space would belong to alice."


def test_a_hello_whose_bucket_cannot_be_written_says_so(local_hub: LocalHub, tmp_path: Path) -> None:
    (tmp_path / "bucket").write_text("a file where the bucket should be")

    report = start_worker(local_hub, NO_MODEL, tmp_path, kind=Kind.HELLO).ends()

    assert report.verdict is Verdict.FAILED
    assert report.failure
    assert report.failure.category == "record"
    assert "could not be read back" in report.reason


def test_a_plan_says_what_would_be_built_where_and_what_it_costs(local_hub: LocalHub, tmp_path: Path) -> None:
    run = start_worker(local_hub, zoo_model(local_hub, TEXT), tmp_path, kind=Kind.PLAN)
    report = run.ends()

    assert report.verdict is Verdict.PLANNED
    assert (report.space_id, report.blueprint) == (None, "text-classification-onnx")
    said = run.json("runtime_recommendation.json")
    assert isinstance(said, dict)
    assert said["build"]["loads"] == {"onnx/model.onnx": 295830} or said["build"]["loads"]
    assert said["hardware"]["flavor"] == "cpu-basic"
    assert said["memory"]["cpu"]
    assert said["expected"]["minutes"] > 0


def test_a_plan_for_what_no_blueprint_covers_names_the_blockers(local_hub: LocalHub, tmp_path: Path) -> None:
    card = b"---\npipeline_tag: robotics\n---\n# A robot\n"
    model = put_model(local_hub, {"README.md": card, "policy.bin": b"x"})

    run = start_worker(local_hub, model, tmp_path, kind=Kind.PLAN)
    report = run.ends()

    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    said = run.json("runtime_recommendation.json")
    assert isinstance(said, dict)
    assert said["blockers"]


@pytest.fixture
def built(local_hub: LocalHub, tmp_path: Path) -> str:
    """A Space of ours, as a build leaves it."""
    report = start_worker(local_hub, zoo_model(local_hub, TEXT), tmp_path / "build").ends(90)
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    return str(report.space_id)


def test_a_space_of_ours_is_judged_again_with_everything_found_out(
    local_hub: LocalHub, tmp_path: Path, built: str
) -> None:
    run = start_worker(local_hub, NO_MODEL, tmp_path, kind=Kind.VALIDATE, space=built)
    report = run.ends(90)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert report.probes
    assert {probe.endpoint for probe in report.probes} == {"/classify"}
    assert report.space_id == built


@pytest.mark.timeout(300)
def test_a_rebuild_goes_through_staging_and_keeps_the_way_back(
    local_hub: LocalHub, tmp_path: Path, built: str
) -> None:
    api = local_hub.api("alice")
    api.upload_file(path_or_fileobj=b"old", path_in_repo="old.txt", repo_id=built, repo_type="space")
    before = str(api.space_info(built).sha)

    report = start_worker(
        local_hub, zoo_model(local_hub, TEXT), tmp_path / "again", space=built, rebuild_of=built
    ).ends(200)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert (report.space_id, report.previous_commit) == (built, before)
    assert report.phases[-1].phase is Phase.PROMOTE
    assert api.space_info(built).sha == report.space_commit != before
    assert "old.txt" not in api.list_repo_files(built, repo_type="space")
    assert not api.repo_exists(f"{built}-staging", repo_type="space")


def test_a_space_of_somebodys_own_is_called_as_asked_and_an_echo_is_no_success(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    api = local_hub.api("alice")
    space_id = f"alice/echo-{secrets.token_hex(3)}"
    api.create_repo(space_id, repo_type="space", space_sdk="gradio", private=True)
    for path, text in {"README.md": "---\nsdk: gradio\n---\n", "app.py": ECHO}.items():
        api.upload_file(path_or_fileobj=text.encode(), path_in_repo=path, repo_id=space_id, repo_type="space")
    asked = Validation(
        endpoint="/say", named_arguments={"text": "Say something else than I do."}, expected=AnswerType.TEXT
    )

    report = start_worker(
        local_hub,
        NO_MODEL,
        tmp_path,
        kind=Kind.VALIDATE,
        space=space_id,
        validation=asked.model_dump(mode="json"),
    ).ends(90)

    assert report.probes
    assert report.probes[0].inputs == {"text": "Say something else than I do."}
    assert report.verdict is Verdict.FAILED
    assert "no_echo" in report.reason


def test_a_space_that_is_not_there_is_said_to_be_so(local_hub: LocalHub, tmp_path: Path) -> None:
    report = start_worker(local_hub, NO_MODEL, tmp_path, kind=Kind.VALIDATE, space="alice/never-made").ends()

    assert report.verdict is Verdict.FAILED
    assert "alice/never-made does not exist" in report.reason
