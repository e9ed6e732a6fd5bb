"""Every call of the Hub that finds out about a worker that nobody heard, and every way in which the Hub fails it: what
it has left is found all the same, once.

The test is the worker here: its Job never begins, and its record is written by a person's own hand.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.domain.models import Run, RunState
from tests.harness import leaving
from tests.harness.calls import OF_A_SILENT_JOB
from tests.harness.faults import FAULTS, HUB_SECONDS, heard
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from worker.contract import EventKind, Kind, Phase, ProgressEvent, Report, Verdict, Weights

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(
        tmp_path_factory.mktemp("faults"),
        hub_seconds=HUB_SECONDS,
        silence_seconds=0.5,
        commands_per_hour=10_000,
    )
    with leaving.lived_in(world):
        world.ada.signs_in()
        world.hub.misbehaves("job-stuck-in-scheduling")
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_SILENT_JOB)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run_reaches(RunState.RUNNING)
    state, words, seqs = RunState.ERRORED, "the Job ended without a report", []
    if call != "its log":  # which is read where the record has no report
        leaves_a_record(ada, run)
        state, words, seqs = RunState.SUCCEEDED, "📋 **Plan for", [1]
    FAULTS[fault].befalls(world.hub, OF_A_SILENT_JOB[call])

    ada.api.cancel_job(job_id=run.job_id, namespace="ada")

    def over() -> bool:
        world.passes(hours=0.0005)
        now = world.rows.get(run.id)
        return world.hub.has_met(FAULTS[fault].switch) and now is not None and now.is_settled

    wait_until(over, f"the end of {world.rows.get(run.id)}", seconds=90, every=0.2)
    world.hub.behaves(FAULTS[fault].switch)
    if (call, fault) == ("its events", "404"):  # as where it wrote none
        seqs = []
    said = heard(world, thread)
    assert thread.run().state is state, said
    assert [event.seq for event in world.run_events.of(run.id)] == seqs
    assert len(said) == 2 and all(words in text for text in said), said
    thread.read.update(reply.id for reply in thread.replies())


def leaves_a_record(who: Person, run: Run) -> None:
    """As a worker that could not call home and did not get to the last line of its log."""
    event = ProgressEvent(seq=1, at=NOW, phase=Phase.PLAN, kind=EventKind.DONE, message="It fits.")
    report = Report(
        run_id=run.id,
        kind=Kind.PLAN,
        model_id=run.model_id,
        revision=run.sha or "",
        verdict=Verdict.PLANNED,
        reason="It fits.",
        weights=Weights(proven=False, reason="Nothing was built."),
        started_at=NOW,
        ended_at=NOW,
    )
    folder = f"runs/{run.id}"
    who.api.batch_bucket_files(
        "ada/space-factory-runs",
        add=[
            (f"{event.model_dump_json()}\n".encode(), f"{folder}/events.jsonl"),
            (report.model_dump_json().encode(), f"{folder}/report.json"),
        ],
    )
