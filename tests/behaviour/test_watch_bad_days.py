"""A watched model on days that are not like others: builds that fail, names that change, people who go away."""

from collections.abc import Callable

import pytest

from bot.domain.models import RunState
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.watching import (
    CARD,
    MODEL,
    commits,
    has_a_model,
    is_quiet,
    next_run,
    stops,
    the_watch,
    watches,
)
from tests.harness.world import World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(180), pytest.mark.world(burst_seconds=0.5)]


@pytest.fixture
def ada(world: World) -> Person:
    return has_a_model(world)


def test_a_newer_version_replaces_a_build_under_way(world: World, ada: Person) -> None:
    thread = watches(ada)
    commits(ada, "1", "model.safetensors")
    old = next_run(world)
    wait_until(lambda: world.rows.get(old.id).state is RunState.RUNNING, "its Job")

    sha = commits(ada, "2", "model.safetensors")

    new = next_run(world, before=1)
    assert new.sha == sha
    ended = world.rows.get(old.id)
    assert ended and ended.state is RunState.SUPERSEDED
    assert "Replaced by `VERSION`, which is newer" in thread.next_reply()
    [job] = ada.api.list_jobs(namespace="ada", labels={"run": old.id})
    assert job.status.stage == "CANCELED"
    stops(thread, new)


def test_three_failures_in_a_row_pause_the_watch_and_it_says_so_once(world: World, ada: Person) -> None:
    world.hub.behaves("job-stuck-in-scheduling")
    thread = watches(ada)
    for number in range(3):
        commits(ada, f'{{"number": {number}}}', "config.json")
        wait_until(lambda n=number: len(world.runs()) > n, "a run")
        run = world.runs()[0]
        wait_until(lambda r=run: world.rows.get(r.id).is_settled, "its end", 90)
        said = thread.next_reply()
        assert ("paused, after 3 failures" in said) is (number == 2), said

    commits(ada, "{}", "config.json")
    assert the_watch(ada).paused == "failures"
    world.hub.misbehaves("job-stuck-in-scheduling")
    ada.says(thread, "@space-factory watch on=both max=9/day")
    assert "👀 I watch" in thread.next_reply()
    stops(thread, next_run(world, before=3))


def renames(ada: Person) -> None:
    ada.api.move_repo(MODEL, "ada/verses")


def deletes(ada: Person) -> None:
    ada.api.delete_repo(MODEL)


def reuses_the_name(ada: Person) -> None:
    ada.api.delete_repo(MODEL)
    ada.api.create_repo(MODEL)
    commits(ada, CARD, "other.md")


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (renames, "`ada/poems` is called [`ada/verses`](HUB/ada/verses) now"),
        (deletes, "is gone, or you can't see it any more"),
        (reuses_the_name, "is gone, and another model has its name"),
    ],
)
def test_another_name_or_another_model_pauses_the_watch(
    world: World, ada: Person, happens: Callable[[Person], None], sentence: str
) -> None:
    here = ada.opens_discussion("zoo/product-reviews-sentiment", f"@space-factory watch {MODEL} on=both")
    assert "👀 I watch" in here.next_reply()
    wait_until(lambda: is_quiet(the_watch(ada)), "the first look")

    happens(ada)
    wait_until(lambda: the_watch(ada).paused or world.passes(hours=0.1), "the pause", every=0.3)

    assert sentence in here.next_reply()
    assert world.runs() == []


def test_a_webhook_that_was_switched_off_is_mended_and_what_it_missed_is_found(
    world: World, ada: Person
) -> None:
    thread = watches(ada)
    [hook] = ada.api.list_webhooks()
    ada.api.disable_webhook(hook.id)
    sha = commits(ada, "1", "model.safetensors")

    world.restarts()

    run = next_run(world)
    assert run.sha == sha
    [hook] = ada.api.list_webhooks()
    assert not hook.disabled
    stops(thread, run)


def test_whoever_may_write_to_the_repo_ends_the_watches_that_speak_in_it(world: World, ada: Person) -> None:
    bob = world.bob.signs_in("/&scopes=webhooks")
    thread = bob.opens_discussion(MODEL, "@space-factory watch")
    assert "👀 I watch" in thread.next_reply()

    ada.says(thread, "@space-factory unwatch")

    assert "I don't watch" in thread.next_reply()
    assert world.watches.of(bob.id) == [] and bob.api.list_webhooks() == []


def test_who_disconnects_leaves_no_watch_and_no_webhook(world: World, ada: Person) -> None:
    thread = watches(ada)

    ada.says(thread, "@space-factory disconnect")

    assert "Disconnected" in thread.next_reply()
    assert world.watches.of(ada.id) == [] and ada.api.list_webhooks() == []


def test_an_ended_connection_is_said_once_and_connecting_again_goes_on(world: World, ada: Person) -> None:
    thread = watches(ada)
    world.ctx.accounts.refused(ada.id)

    commits(ada, "1", "model.safetensors")

    assert "Your connection has ended" in thread.next_reply()
    sha = commits(ada, "2", "model.safetensors")
    ada.signs_in("/&scopes=webhooks")
    run = next_run(world)
    assert run.sha == sha
    stops(thread, run)
