"""Every call that keeps a watcher's webhook as it should be, and every way in which the Hub fails it: the watches stay
what they are, and the webhook is mended by a later look."""

from collections.abc import Iterator

import pytest

from tests.harness import leaving
from tests.harness.calls import OF_A_WATCHERS_WEBHOOK
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED, heard
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.watching import watched_by_webhooks
from tests.harness.world import DIGITS, SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, commands_per_hour=10_000)
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        world.ada.signs_in("/&scopes=webhooks")
        yield world


def asks(world: World, words: str) -> tuple[Thread, int]:
    return world.ada.opens_discussion(SENTIMENT, f"@space-factory {words}"), 1


def answered(world: World, thread: Thread, fault: str) -> str:
    """What is said; who ends a watch is not kept waiting for a webhook that can't be deleted."""

    def over() -> list[str]:
        world.passes(hours=0.0005)
        return heard(world, thread)

    [said] = wait_until(over, "the answer", seconds=90, every=0.2)
    world.hub.behaves(FAULTS[fault].switch)
    thread.read.update(reply.id for reply in thread.replies())
    return said


def looked_after(world: World) -> list[list[str]]:
    """Whose changes ada's webhooks tell after the next look."""
    world.passes(hours=7)
    return watched_by_webhooks(world.ada)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_second_watch(world_of_faults: World, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    first, _ = asks(world, "watch")
    wait_until(lambda: heard(world, first), "the first watch")
    first.read.update(reply.id for reply in first.replies())
    FAULTS[fault].befalls(world.hub, OF_A_WATCHERS_WEBHOOK["change it"])

    said = answered(world, asks(world, f"watch {DIGITS}")[0], fault)

    is_refused = fault in REFUSED
    assert ("did not let me make a webhook" if is_refused else "👀 I watch") in said
    watched = {SENTIMENT} if is_refused else {SENTIMENT, DIGITS}
    assert {each.model_id for each in world.watches.of(ada.id)} == watched
    wait_until(lambda: [set(each) for each in looked_after(world)] == [watched], "the webhook", every=0.3)
    clears(world)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_end_of_a_watch(world_of_faults: World, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    thread, _ = asks(world, "watch")
    wait_until(lambda: heard(world, thread), "the watch")
    thread.read.update(reply.id for reply in thread.replies())
    FAULTS[fault].befalls(world.hub, OF_A_WATCHERS_WEBHOOK["delete it"])

    said = answered(world, asks(world, "unwatch")[0], fault)

    assert "watch" in said and world.watches.of(ada.id) == []
    clears(world)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_webhook_that_was_switched_off(world_of_faults: World, fault: str) -> None:
    world, ada = world_of_faults, world_of_faults.ada
    thread, _ = asks(world, "watch")
    wait_until(lambda: heard(world, thread), "the watch")
    thread.read.update(reply.id for reply in thread.replies())
    [hook] = ada.api.list_webhooks()
    ada.api.disable_webhook(hook.id)
    FAULTS[fault].befalls(world.hub, OF_A_WATCHERS_WEBHOOK["switch it on"])

    def is_on() -> bool:
        world.passes(hours=7)
        return not ada.api.list_webhooks()[0].disabled

    wait_until(is_on, "the webhook", seconds=90, every=0.3)
    assert [each.paused for each in world.watches.of(ada.id)] == [None]
    world.hub.behaves(FAULTS[fault].switch)
    clears(world)


def clears(world: World) -> None:
    """No watch and no webhook: the next that ends takes along what a failure has left."""
    thread, _ = asks(world, "watch")
    wait_until(lambda: heard(world, thread), "a watch")
    for model in {each.model_id for each in world.watches.of(world.ada.id)}:
        before = len(heard(world, thread))
        world.ada.says(thread, f"@space-factory unwatch {model}")
        wait_until(lambda n=before: len(heard(world, thread)) > n, "its end")
    thread.read.update(reply.id for reply in thread.replies())
    assert world.ada.api.list_webhooks() == []
