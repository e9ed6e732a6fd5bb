"""Every call of the Hub that a worker makes, and every way in which the Hub fails it: what passes is waited
for, a refusal ends the run with a sentence, and the record is complete in both cases."""

from pathlib import Path

import pytest

from tests.harness.calls import OF_A_WORKER
from tests.harness.faults import FAULTS, REFUSED
from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.worker_runs import COMPLETE, WorkerRun, start_worker
from worker.contract import Kind, Mode, Report, Verdict

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(400)]

HASTY = "tests.harness.hasty_worker"
TEXT = "product-reviews-sentiment"
PASSES = [fault for fault in FAULTS if fault not in REFUSED]
READING = ("the model", "its files", "a file", "hardware of Spaces", "hardware of Jobs")
"""What a plan asks for; it can be made without the rest."""
PUBLISHING = (
    *("create the Space", "its variables", "check its card", "prepare the upload", "commit the files"),
    *("the Space", "how it runs"),
)
WITHOUT = {
    (call, each) for call in ("its files", "hardware of Spaces", "hardware of Jobs") for each in REFUSED
}
"""Refusals after which a run goes on all the same."""


@pytest.mark.parametrize("fault", PASSES)
def test_a_build_in_which_every_call_fails_once_ends_as_if_none_had(
    local_hub: LocalHub, tmp_path: Path, fault: str
) -> None:
    switch = FAULTS[fault].switch
    setting = FAULTS[fault].setting | {"times": 1, "each": True}
    model = zoo_model(local_hub, TEXT)
    local_hub.misbehaves(switch, **setting, user="alice")
    try:
        run = start_worker(local_hub, model, tmp_path, module=HASTY)
        report = run.ends(280)
    finally:
        local_hub.behaves(switch)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    is_well_told(local_hub, run, report)


@pytest.mark.parametrize("status", REFUSED)
@pytest.mark.parametrize("call", READING)
def test_a_refusal_of_what_a_plan_reads(local_hub: LocalHub, tmp_path: Path, call: str, status: str) -> None:
    report = refused(local_hub, tmp_path, call, status, Kind.PLAN)

    expected = {Verdict.PLANNED} if (call, status) in WITHOUT else {Verdict.FAILED, Verdict.TECHNICAL_BLOCKER}
    assert report.verdict in expected, report.reason


@pytest.mark.parametrize("status", REFUSED)
@pytest.mark.parametrize("call", PUBLISHING)
def test_a_refusal_of_what_publishing_takes(
    local_hub: LocalHub, tmp_path: Path, call: str, status: str
) -> None:
    report = refused(local_hub, tmp_path, call, status, Kind.BUILD, mode=Mode.SAFE_SCAFFOLD)

    assert report.verdict in {Verdict.FAILED, Verdict.MANUAL_HARDWARE_REQUIRED}, report.reason


@pytest.mark.parametrize("status", REFUSED)
@pytest.mark.parametrize("call", ["whose token it is"])
def test_a_refusal_of_what_the_check_of_an_account_asks(
    local_hub: LocalHub, tmp_path: Path, call: str, status: str
) -> None:
    report = refused(local_hub, tmp_path, call, status, Kind.HELLO)

    assert report.verdict is Verdict.FAILED
    assert f"The Hub answered {status}" in report.reason


@pytest.mark.parametrize("status", REFUSED)
@pytest.mark.parametrize("call", ["a file's size"])
def test_a_refusal_of_what_only_the_rehearsal_asks(
    local_hub: LocalHub, tmp_path: Path, call: str, status: str
) -> None:
    report = refused(local_hub, tmp_path, call, status, Kind.BUILD)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert not report.weights.proven


def refused(hub: LocalHub, folder: Path, call: str, status: str, kind: Kind, **spec: object) -> Report:
    """The report of a run whose call the Hub refuses for good."""
    model, route = zoo_model(hub, TEXT), OF_A_WORKER[call].route
    job = {"JOB_ID": hub.api("alice").run_job(image="python:3.12", command=["python", "-V"]).id}
    hub.misbehaves("status", status=int(status), route=route, user="alice")
    try:
        run = start_worker(hub, model, folder, module=HASTY, kind=kind, environ=job, **spec)
        report = run.ends(280)
    finally:
        hub.behaves("status")
    is_well_told(hub, run, report)
    return report


def is_well_told(hub: LocalHub, run: WorkerRun, report: Report) -> None:
    """And its Space, one at most, runs no longer than it has to."""
    if report.space_id:
        hub.api("alice").delete_repo(report.space_id, repo_type="space")
    assert run.files() >= COMPLETE
    assert report.reason and "Traceback" not in run.output
    assert report.failure is None or report.failure.category != "internal", report.reason
    seqs = [event.seq for event in run.events()]
    assert seqs == list(range(1, len(seqs) + 1))
