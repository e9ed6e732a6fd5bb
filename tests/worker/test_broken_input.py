"""Repos that nobody should make end in a verdict and a sentence: no trace, no hang, and no code of theirs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.broken_repos import BROKEN, GOOD_WEIGHTS, MODEL, as_json, readme
from tests.worker.models_on_the_hub import Model, put_model
from tests.worker.runs_in_a_row import Finished, plans
from tests.worker.worker_runs import COMPLETE
from worker.contract import Verdict

pytestmark = pytest.mark.timeout(240)

TRACE = re.compile(r"Traceback|File \"[^\"]+\", line \d|\w+Error: |object at 0x")
SENTENCE = re.compile(r"[A-Za-z`\w].{15,}[.!]", re.DOTALL)


def adapter_on(base: str) -> dict[str, bytes]:
    return {
        "README.md": readme("pipeline_tag: text-generation\nlibrary_name: peft"),
        "adapter_config.json": as_json({"peft_type": "LORA", "base_model_name_or_path": base}),
        "adapter_model.safetensors": GOOD_WEIGHTS,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


@pytest.fixture(scope="module")
def finished(local_hub: LocalHub, folder: Path) -> Iterator[dict[str, Finished]]:
    """One run of the worker for each broken repo."""
    models = {name: put_model(local_hub, dict(broken.files)) for name, broken in BROKEN.items()}
    yield plans(local_hub, models, folder)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_repo_ends_in_a_verdict_and_a_sentence(finished: dict[str, Finished], name: str) -> None:
    run, expected = finished[name], BROKEN[name]

    assert run.report.verdict is expected.verdict, run.report.reason
    assert SENTENCE.fullmatch(run.report.reason)
    assert expected.says in run.texts()
    assert not TRACE.search(run.texts())
    assert {str(path.relative_to(run.record)) for path in run.record.rglob("*")} >= COMPLETE


def test_nothing_of_a_strangers_repo_ever_runs(finished: dict[str, Finished], folder: Path) -> None:
    assert finished
    assert not list(folder.rglob("unpickled"))


@pytest.mark.parametrize(
    "name", [name for name, broken in BROKEN.items() if broken.verdict is Verdict.TECHNICAL_BLOCKER]
)
def test_a_blocker_says_what_can_be_done(finished: dict[str, Finished], name: str) -> None:
    assert re.search(r"\b([Aa]sk (for|again)|[Uu]pload|Add|Correct)\b", finished[name].report.reason)


def test_an_adapter_must_stand_on_a_whole_model(local_hub: LocalHub, tmp_path: Path) -> None:
    one = put_model(local_hub, adapter_on("alice/whatever"), name="adapter")
    other = put_model(local_hub, adapter_on(one.id), name="adapter")
    itself = put_model(local_hub, {}, name="cycle")
    api = local_hub.api("alice")
    for path, content in adapter_on(itself.id).items():
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=itself.id)
    models = {"a chain": other, "a cycle": Model(itself.id, str(api.model_info(itself.id).sha))}

    done = plans(local_hub, models, tmp_path)

    assert f"stands on {one.id}, which is an adapter too" in done["a chain"].report.reason
    assert "says that it stands on itself" in done["a cycle"].report.reason
    assert {run.report.verdict for run in done.values()} == {Verdict.TECHNICAL_BLOCKER}


def test_the_name_of_a_space_or_a_dataset_is_called_by_its_name(local_hub: LocalHub, tmp_path: Path) -> None:
    api = local_hub.api("alice")
    api.create_repo("alice/a-space", repo_type="space", space_sdk="static", exist_ok=True)
    api.create_repo("alice/a-dataset", repo_type="dataset", exist_ok=True)
    names = ("alice/a-space", "alice/a-dataset", "alice/nothing")

    done = plans(local_hub, {name: Model(name, "0" * 40) for name in names}, tmp_path)
    said = [done[name].report.reason for name in names]

    assert said[0] == "alice/a-space is a space and no model. To judge it, ask for its validation."
    assert said[1] == "alice/a-dataset is a dataset and no model. Ask for a model that was trained on it."
    assert said[2].startswith("alice/nothing does not exist, or you may not read it. ")
    assert {run.report.verdict for run in done.values()} == {Verdict.FAILED}


def test_an_adapter_on_a_gated_model_says_what_is_missing(local_hub: LocalHub, tmp_path: Path) -> None:
    bases = {}
    for person in ("alice", "bob"):
        api, bases[person] = local_hub.api(person), f"{person}/gated-base"
        api.create_repo(bases[person])
        api.upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id=bases[person])
        api.update_repo_settings(bases[person], gated="auto")
    models = {person: put_model(local_hub, adapter_on(base)) for person, base in bases.items()}

    done = plans(local_hub, models, tmp_path)

    assert "which is gated" in done["bob"].report.reason
    assert (
        f"Accept its terms at {local_hub.endpoint}/bob/gated-base, then ask again."
        in done["bob"].report.reason
    )
    assert "Its Space has no token to download that with" in done["alice"].report.reason


def test_the_record_of_a_blocker_has_the_estimate_all_the_same(finished: dict[str, Finished]) -> None:
    said = finished["a card that lies about its task"].json("runtime_recommendation.json")

    assert isinstance(said["build"], dict)
    assert str(said["build"]["reason"]).startswith("Nothing would be built. ")
    assert isinstance(said["hardware"], dict)
    assert said["hardware"]["flavor"] == "cpu-basic"
    assert said["memory"]
    assert said["blockers"]


def test_the_price_of_the_job_is_that_of_its_own_hardware(local_hub: LocalHub, tmp_path: Path) -> None:
    job = local_hub.api("alice").run_job(image="python:3.12", command=["true"], flavor="cpu-upgrade")

    done = plans(local_hub, {"good": put_model(local_hub, dict(MODEL))}, tmp_path, job=job.id)

    expected = done["good"].json("runtime_recommendation.json")["expected"]
    assert isinstance(expected, dict)
    prices = {each.name: each.unit_cost_usd * 60 for each in local_hub.api("alice").list_jobs_hardware()}
    assert expected["job_usd"] == pytest.approx(prices["cpu-upgrade"] * expected["minutes"] / 60, abs=0.002)
    assert expected["job_usd"] > 0
