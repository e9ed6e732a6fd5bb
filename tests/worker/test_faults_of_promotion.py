"""Whole rebuilds and validates under every way in which the Hub fails: what passes changes nothing; and where
a promotion does not come to its end, the Space has the files of before again, or it is said that not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.faults import FAULTS, REFUSED
from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import Model, zoo_model
from tests.worker.test_faults import HASTY, TEXT
from tests.worker.worker_runs import COMPLETE, WorkerRun, start_worker
from worker.contract import Kind, Report, Verdict

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]

NO_MODEL = Model("", "")
PASSES = [fault for fault in FAULTS if fault not in REFUSED]


@pytest.fixture(scope="module")
def built(local_hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Space that a build has made."""
    run = start_worker(local_hub, zoo_model(local_hub, TEXT), tmp_path_factory.mktemp("built"))
    report = run.ends(280)
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS and report.space_id
    return report.space_id


@pytest.fixture(autouse=True)
def _switches_are_set_back(local_hub: LocalHub) -> Iterator[None]:
    yield
    for fault in FAULTS.values():
        local_hub.behaves(fault.switch)


def rebuilds(hub: LocalHub, model: Model, folder: Path, space: str) -> WorkerRun:
    return start_worker(hub, model, folder, module=HASTY, space=space, rebuild_of=space)


def titles(hub: LocalHub, space: str) -> list[str]:
    """Of the Space's commits, the newest first."""
    return [each.title for each in hub.api("alice").list_repo_commits(space, repo_type="space")]


def ends(run: WorkerRun) -> Report:
    report = run.ends(500)
    assert run.files() >= COMPLETE
    assert report.failure is None or report.failure.category != "internal", report.reason
    return report


@pytest.mark.parametrize("fault", PASSES)
def test_a_rebuild_in_which_every_call_fails_once_is_one_commit(
    local_hub: LocalHub, tmp_path: Path, built: str, fault: str
) -> None:
    # Something of its own, or there would be nothing to commit.
    local_hub.api("alice").upload_file(
        path_or_fileobj=fault.encode(), path_in_repo="old.txt", repo_id=built, repo_type="space"
    )
    model, before = zoo_model(local_hub, TEXT), len(titles(local_hub, built))
    every_call_fails_once(local_hub, fault)

    report = ends(rebuilds(local_hub, model, tmp_path, built))

    local_hub.behaves(FAULTS[fault].switch)
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert len(titles(local_hub, built)) == before + 1
    assert not local_hub.api("alice").repo_exists(f"{built}-staging", repo_type="space")


@pytest.mark.parametrize("fault", PASSES)
def test_a_validate_in_which_every_call_fails_once_ends_as_if_none_had(
    local_hub: LocalHub, tmp_path: Path, built: str, fault: str
) -> None:
    before = titles(local_hub, built)
    every_call_fails_once(local_hub, fault)

    report = ends(start_worker(local_hub, NO_MODEL, tmp_path, module=HASTY, kind=Kind.VALIDATE, space=built))

    local_hub.behaves(FAULTS[fault].switch)
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert titles(local_hub, built) == before


def every_call_fails_once(hub: LocalHub, fault: str) -> None:
    setting = FAULTS[fault].setting | {"times": 1, "each": True}
    hub.misbehaves(FAULTS[fault].switch, **setting, user="alice")


@pytest.mark.parametrize("is_back", [True, False])
def test_a_promoted_space_of_which_nothing_is_known_gets_its_files_of_before(
    local_hub: LocalHub, tmp_path: Path, built: str, is_back: bool
) -> None:
    local_hub.api("alice").upload_file(
        path_or_fileobj=b"old", path_in_repo="old.txt", repo_id=built, repo_type="space"
    )
    model = zoo_model(local_hub, TEXT)
    local_hub.misbehaves("status", status=403, route=f"GET /api/spaces/{built}/runtime", user="alice")
    if not is_back:
        local_hub.misbehaves("closed-connection", route=f"GET /spaces/{built}/resolve/**", user="alice")

    report = ends(rebuilds(local_hub, model, tmp_path, built))

    for switch in ("status", "closed-connection"):
        local_hub.behaves(switch)
    assert report.verdict is Verdict.FAILED
    said = "has its files of before again" if is_back else "could not be brought back"
    assert said in report.reason and "The Hub answered 403" in report.reason, report.reason
    assert titles(local_hub, built)[0].startswith("Back to") is is_back
