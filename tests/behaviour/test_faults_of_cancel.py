"""Every call of the Hub that a cancel makes, and every way in which the Hub fails it: the run is over, and where its
Job may not be, that is said."""

from collections.abc import Iterator

import pytest

from bot.domain.living_message import answer_mark, living_mark
from bot.domain.models import RunState
from tests.harness import leaving
from tests.harness.calls import OF_A_CANCEL
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED, heard
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

NOT_STOPPED = "could not stop"


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, commands_per_hour=10_000)
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        world.ada.signs_in()
        world.hub.misbehaves("job-stuck-in-scheduling")
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_CANCEL)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run_reaches(RunState.RUNNING)
    FAULTS[fault].befalls(world.hub, OF_A_CANCEL[call])

    ada.says(thread, "@space-factory cancel")

    def over() -> bool:
        world.passes(hours=0.0005)
        now = world.rows.get(run.id)
        return world.hub.has_met(FAULTS[fault].switch) and now is not None and now.is_settled

    wait_until(over, "the end of the run", seconds=90, every=0.2)
    world.hub.behaves(FAULTS[fault].switch)
    said = heard(world, thread)
    assert thread.run().state is RunState.CANCELLED
    for mark in (living_mark(run.id), answer_mark(run.id)):
        assert len([text for text in said if mark in text]) == 1, said
    is_refused = call == "stop the Job" and fault in REFUSED
    assert any(NOT_STOPPED in text for text in said) is is_refused, said
    [job] = ada.api.list_jobs(namespace="ada", labels={"run": run.id})
    assert (job.status.stage == "CANCELED") is not is_refused
    if is_refused:
        ada.api.cancel_job(job_id=job.id, namespace="ada")
    wait_until(lambda: len(heard(world, thread)) == 3, "all that is said")
    thread.read.update(reply.id for reply in thread.replies())
