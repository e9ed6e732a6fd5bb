"""Every call of a sign-in and of its renewal, and every way in which the Hub fails it: connected, or told what to do."""

from collections.abc import Iterator

import pytest

from bot.domain.models import RunState
from tests.harness import leaving
from tests.harness.calls import OF_A_SIGN_IN
from tests.harness.faults import FAULTS, HUB_SECONDS, heard
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

OFTEN = {"commands_per_hour": 10_000, "requests_per_minute": 100_000}
THERE = {RunState.WAITING_FOR_SIGN_IN, RunState.RUNNING}
CONNECTED, AGAIN, NOT_ACCEPTED = 200, 503, 400


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, **OFTEN)
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        yield world


def answered(fault: str) -> int:
    """The status of the page that the person sees in the end."""
    match fault:
        case "slow":
            return CONNECTED
        case "401":
            return NOT_ACCEPTED
        case _:
            return AGAIN


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_SIGN_IN)
def test_a_sign_in_that_fails_keeps_nothing_and_can_be_begun_again(
    world_of_faults: World, call: str, fault: str
) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    world.ctx.accounts.disconnect(ada.id)
    FAULTS[fault].befalls(world.hub, OF_A_SIGN_IN[call])

    page = ada.follows(f"{world.url}/connect")

    assert page.status_code == answered(fault), page.text
    assert ("sign in again" in page.text) is (page.status_code != CONNECTED)
    assert world.ctx.accounts.is_connected(ada.id) is (page.status_code == CONNECTED)
    world.hub.behaves(FAULTS[fault].switch)
    ada.signs_in()
    assert world.ctx.accounts.is_connected(ada.id)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_renewal_that_fails_is_tried_again_or_asked_for(world_of_faults: World, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    ada.signs_in()
    world.hub.misbehaves("job-stuck-in-scheduling")
    world.passes(hours=9)  # longer than a token lives
    FAULTS[fault].befalls(world.hub, OF_A_SIGN_IN["the tokens"])

    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")

    def there() -> bool:
        world.passes(hours=0.0005)
        return world.hub.has_met(FAULTS[fault].switch) and thread.run().state in THERE

    wait_until(there, f"what comes after {fault}, not {thread.run()}", seconds=90, every=0.2)
    world.hub.behaves(FAULTS[fault].switch)
    # What was refused, or given in an answer that broke, can't be asked for again; a late one may have been given.
    is_lost = thread.run().state is RunState.WAITING_FOR_SIGN_IN
    assert is_lost is (fault in {"401", "truncated"}) or fault == "timeout"
    wait_until(lambda: heard(world, thread), "the living message")
    assert ("connect" in heard(world, thread)[0].lower()) is is_lost, heard(world, thread)
    if is_lost:
        assert "Your connection ended" in heard(world, thread)[0]
        ada.signs_in()
        thread.run_reaches(RunState.RUNNING)
    ada.says(thread, "@space-factory cancel")
    assert thread.run_ends().state is RunState.CANCELLED
    wait_until(lambda: len(heard(world, thread)) == 3, "all that is said")
    thread.read.update(reply.id for reply in thread.replies())
