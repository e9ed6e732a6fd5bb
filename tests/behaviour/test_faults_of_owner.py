"""The calls that a few commands make besides, and every way in which the Hub fails them: done or refused, and told."""

from collections.abc import Iterator

import pytest

from bot.domain.models import RunState
from tests.harness import leaving
from tests.harness.calls import OF_AN_OWNER
from tests.harness.faults import FAULTS, HUB_SECONDS, heard
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, commands_per_hour=10_000)
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        world.ada.signs_in()
        world.bob.signs_in()
        world.hub.misbehaves("job-stuck-in-scheduling")
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_AN_OWNER)
def test_whether_somebody_else_may_stop_a_run(world_of_faults: World, call: str, fault: str) -> None:
    world, ada, bob, switch = world_of_faults, world_of_faults.ada, world_of_faults.bob, FAULTS[fault].switch
    if not world.ctx.accounts.is_connected(ada.id):
        ada.signs_in()
    thread = bob.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run_reaches(RunState.RUNNING)
    FAULTS[fault].befalls(world.hub, OF_AN_OWNER[call])

    ada.says(thread, "@space-factory cancel")

    def told() -> bool:
        world.passes(hours=0.0005)
        return world.hub.has_met(switch) and len(heard(world, thread)) == 2

    wait_until(told, f"a refusal: {heard(world, thread)}", seconds=90, every=0.2)
    world.hub.behaves(switch)
    assert "Only `bob` can `cancel` this run" in heard(world, thread)[1]
    # Here a 401 says that her token has ended, and nothing else does.
    assert world.ctx.accounts.is_connected(ada.id) is (fault != "401")
    bob.says(thread, f"@space-factory cancel {run.id}")
    assert thread.run_ends().state is RunState.CANCELLED
    wait_until(lambda: len(heard(world, thread)) == 4, "all that is said")
    thread.read.update(reply.id for reply in thread.replies())
