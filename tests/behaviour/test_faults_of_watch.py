"""Every call of the Hub that `watch` makes, and every way in which the Hub fails it: watched, or said why not."""

from collections.abc import Iterator

import pytest

from tests.harness import leaving
from tests.harness.calls import OF_A_WATCH
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED, heard
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

WATCHED = "👀 I watch"
NOT_WATCHED = {
    **{
        (call, fault): "I can't open that model"
        for call in ("the model", "its versions")
        for fault in ("401", "403", "404")
    },
    **{
        (call, fault): "did not let me make a webhook"
        for call in ("find the webhook", "make the webhook")
        for fault in REFUSED
    },
}


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, commands_per_hour=10_000)
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        world.ada.signs_in("/&scopes=webhooks")
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_WATCH)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    words = NOT_WATCHED.get((call, fault), WATCHED)
    switch = FAULTS[fault].switch
    FAULTS[fault].befalls(world.hub, OF_A_WATCH[call])
    thread = ada.opens_discussion(SENTIMENT, "@space-factory watch")

    def over() -> bool:
        world.passes(hours=0.0005)
        return world.hub.has_met(switch) and any(words in text for text in heard(world, thread))

    wait_until(over, f"{words!r}, not {heard(world, thread)}", seconds=90, every=0.2)

    world.hub.behaves(switch)
    assert len(heard(world, thread)) == 1
    is_watched = words == WATCHED
    assert bool(world.watches.of(ada.id)) is is_watched
    assert len(ada.api.list_webhooks()) == is_watched
    for watch in world.watches.of(ada.id):
        ada.says(thread, f"@space-factory unwatch {watch.model_id}")
        wait_until(lambda: len(heard(world, thread)) == 2, "the end of the watch")
    assert ada.api.list_webhooks() == []
    thread.read.update(reply.id for reply in thread.replies())
