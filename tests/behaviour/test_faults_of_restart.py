"""Every call of the Hub that brings the state back to a disk that was wiped, and every way in which the Hub fails it:
it is waited for, or the start ends with a sentence; and the next start has all of it."""

import shutil
from collections.abc import Iterator

import pytest

from bot import safekeeping
from bot.domain.errors import HubError, TokenGone
from bot.safekeeping import take_over
from bot.settings import INBOX_FILE, MAIN_FILE
from tests.harness import leaving
from tests.harness.calls import OF_A_RESTART
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The bot has stopped, and its state is in the bucket."""
    world = World(
        tmp_path_factory.mktemp("faults"),
        hub_seconds=HUB_SECONDS,
        state_bucket="space-factory/state",
    )
    with leaving.lived_in(world):
        thread = world.bob.opens_discussion(SENTIMENT, "@space-factory ping")
        thread.next_reply()
        world.stops()
        yield world
        the_disk_is_wiped(world)
        world.starts()
        world.reads_again()
        assert world.deliveries.is_known(f"comment:{thread.comments()[0].id}")


def the_disk_is_wiped(world: World) -> None:
    shutil.rmtree(world.settings.data_dir)
    world.settings.data_dir.mkdir()


def is_back(world: World) -> bool:
    return all((world.settings.data_dir / name).exists() for name in (MAIN_FILE, INBOX_FILE))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_RESTART)
def test_a_call_that_fails(
    world_of_faults: World, monkeypatch: pytest.MonkeyPatch, call: str, fault: str
) -> None:
    world, switch = world_of_faults, FAULTS[fault].switch
    monkeypatch.setattr(safekeeping.time, "sleep", lambda _: None)  # the Hub is back at once
    the_disk_is_wiped(world)
    FAULTS[fault].befalls(world.hub, OF_A_RESTART[call])

    try:
        assert take_over(world.settings, world.clock)
    except (HubError, TokenGone) as trouble:
        assert fault in REFUSED, trouble
        assert not is_back(world)
        assert take_over(world.settings, world.clock)

    assert world.hub.has_met(switch)
    assert is_back(world)
    world.hub.behaves(switch)
