"""Every call of the Hub that a copy of the state takes, and every way in which it fails: the next copy is out."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.harness import leaving
from tests.harness.calls import OF_SAFEKEEPING
from tests.harness.faults import FAULTS, HUB_SECONDS
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(
        tmp_path_factory.mktemp("faults"),
        hub_seconds=HUB_SECONDS,
        state_bucket="space-factory/state",
        state_seconds=0.3,
    )
    with leaving.lived_in(world):
        world.bob.opens_discussion(SENTIMENT, "Hello")
        yield world
        world.threads[0].read.update(each.id for each in world.threads[0].replies())


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_SAFEKEEPING)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, switch = world_of_faults, FAULTS[fault].switch
    FAULTS[fault].befalls(world.hub, OF_SAFEKEEPING[call])
    try:
        something_changes(world)
        wait_until(lambda: world.hub.has_met(switch), "the fault", seconds=60)
    finally:
        world.hub.behaves(switch)
    since = world.clock()

    something_changes(world)

    wait_until(lambda: kept_at(world) > since, "a copy of it", seconds=90)


def something_changes(world: World) -> None:
    """A comment that is for us is a delivery, which is kept."""
    world.bob.says(world.threads[0], "@space-factory ping")


def kept_at(world: World) -> float:
    return float(httpx2.get(f"{world.url}/readyz").json()["state_kept_at"])
