"""The bot was away for long, and the Hub has given up telling it: it finds what it missed, and says so once."""

import httpx2
import pytest

from tests.harness.people import Person, Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(180)]


def goes_away(world: World) -> None:
    """Nothing that happens from now on is ever delivered."""
    world.hub.misbehaves("webhook-lost")
    world.stops()


def comes_back(world: World) -> None:
    world.passes(hours=2)
    world.starts()
    world.hub.behaves("webhook-lost")


def settled(ada: Person, thread: Thread) -> None:
    ada.says(thread, "@space-factory ping")
    assert "🏓 Up" in thread.next_reply()


def test_what_was_asked_meanwhile_is_done_and_its_thread_hears_why_so_late(world: World) -> None:
    ada = world.ada
    known = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in known.next_reply()
    silent = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in silent.next_reply()
    goes_away(world)
    ada.says(known, "@space-factory help build")
    ada.says(known, "@space-factory why")
    begun = world.bob.opens_discussion(SENTIMENT, "@space-factory help plan")
    world.bob.opens_discussion(SENTIMENT, "What a model!")

    comes_back(world)

    for thread, replies in ((known, 2), (begun, 1)):
        assert "👋 I was away from" in thread.next_reply()
        for _ in range(replies):
            thread.next_reply()
    world.restarts()
    settled(ada, known)
    settled(ada, silent)
    assert len(silent.replies()) == 2


def test_a_short_break_is_not_worth_a_word(world: World) -> None:
    ada = world.ada
    thread = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in thread.next_reply()
    world.stops()
    ada.says(thread, "@space-factory ping")

    world.starts()

    assert "🏓 Up" in thread.next_reply(60)
    wait_until(lambda: len(thread.replies()) == 2)


@pytest.mark.world(catch_up_threads=1)
def test_what_is_beyond_the_bound_is_not_read_and_that_is_told_to_the_operator(world: World) -> None:
    ada = world.ada
    older = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in older.next_reply()
    newer = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in newer.next_reply()
    assert httpx2.get(f"{world.url}/readyz").json()["caught_up_in_part_at"] is None
    goes_away(world)
    for thread in (older, newer):
        ada.says(thread, "@space-factory help build")

    comes_back(world)

    assert "👋 I was away from" in newer.next_reply()
    newer.next_reply()
    wait_until(
        lambda: httpx2.get(f"{world.url}/readyz").json()["caught_up_in_part_at"], "the operator's word"
    )
    assert "more threads than are read again: CATCH_UP_THREADS" in world.log.file.read_text()
    settled(ada, newer)
    assert len(older.replies()) == 1
