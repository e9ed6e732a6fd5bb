"""Every call of a look at a watched model, and every way in which the Hub fails it: a new version makes one run."""

from collections.abc import Iterator

import pytest

from tests.harness import leaving
from tests.harness.calls import OF_A_LOOK
from tests.harness.faults import FAULTS, HUB_SECONDS
from tests.harness.waiting import wait_until
from tests.harness.watching import commits, has_a_model, the_watch, watches
from tests.harness.world import World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(
        tmp_path_factory.mktemp("faults"),
        hub_seconds=HUB_SECONDS,
        burst_seconds=0.2,
        commands_per_hour=10_000,
    )
    done_again = ("look failed",)
    with leaving.lived_in(world, expected_errors=done_again):
        watches(has_a_model(world))
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_LOOK)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, ada, switch = world_of_faults, world_of_faults.ada, FAULTS[fault].switch
    world.passes(hours=25)  # a watch builds so many times a day only
    before = {run.id for run in world.runs()}
    FAULTS[fault].befalls(world.hub, OF_A_LOOK[call])

    sha = commits(ada, f"{call} {fault}", "model.safetensors")

    def over() -> bool:
        world.passes(hours=0.0005)
        return world.hub.has_met(switch) and any(run.job_id for run in world.runs() if run.id not in before)

    wait_until(over, f"the run: {the_watch(ada)}", seconds=90, every=0.2)
    world.hub.behaves(switch)
    [run] = [run for run in world.runs() if run.id not in before]
    assert (run.sha, the_watch(ada).paused) == (sha, None)
    [thread] = world.threads
    ada.says(thread, f"@space-factory cancel {run.id}")
    wait_until(lambda: (there := world.rows.get(run.id)) and there.is_settled, "its end", seconds=60)
    said = [reply.content for reply in thread.replies() if run.id in reply.content]
    assert len([text for text in said if "final answer" in text]) == 1, said
    wait_until(lambda: len([each for each in thread.replies() if run.id in each.content]) >= 2, "its words")
    thread.read.update(reply.id for reply in thread.replies())
