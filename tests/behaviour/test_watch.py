"""A model is watched: its new versions bring the Space up to date, by the account of whoever asked for it."""

import pytest

from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.watching import (
    CARD,
    MODEL,
    commits,
    decision,
    has_a_model,
    is_quiet,
    next_run,
    stops,
    the_watch,
    watched_by_webhooks,
    watches,
)
from tests.harness.world import SENTIMENT, World

pytestmark = pytest.mark.world(burst_seconds=0.5)


@pytest.fixture
def ada(world: World) -> Person:
    return has_a_model(world)


def test_a_commit_on_main_is_built_by_the_watchers_account(world: World, ada: Person) -> None:
    thread = watches(ada)
    assert watched_by_webhooks(ada) == [[MODEL]]

    sha = commits(ada, "weights", "model.safetensors")

    run = next_run(world)
    assert (run.sha, run.requester.name, run.watch_id) == (sha, "ada", the_watch(ada).id)
    assert run.target_space == "ada/poems-demo"
    stops(thread, run)


@pytest.mark.thorough
@pytest.mark.world(burst_seconds=6)
def test_a_git_tag_is_built_and_a_burst_of_changes_is_one_build(world: World, ada: Person) -> None:
    thread = watches(ada, "on=tag only=v* max=9/day")

    for number in range(4):
        sha = commits(ada, str(number), "model.safetensors")
        ada.api.create_tag(MODEL, tag=f"v{number}")
        ada.api.create_tag(MODEL, tag=f"other-{number}")

    run = next_run(world)
    assert (run.sha, run.wishes.rev) == (sha, sha)
    wait_until(lambda: is_quiet(the_watch(ada)), "the end of the burst")
    assert len(world.runs()) == 1
    stops(thread, run)


@pytest.mark.thorough
def test_the_tag_on_the_card_is_built_whatever_is_waited_for(world: World, ada: Person) -> None:
    thread = watches(ada, "on=tag")

    sha = commits(ada, CARD.replace("---\n#", "tags:\n- space-factory\n---\n#"))

    run = next_run(world)
    assert run.sha == sha
    stops(thread, run)


def test_a_change_that_does_not_matter_is_skipped_and_said_to_who_asks(world: World, ada: Person) -> None:
    thread = watches(ada)
    before = the_watch(ada).seen.main

    commits(ada, CARD + "\nThey rhyme.\n")

    wait_until(lambda: the_watch(ada).seen.main != before, "the look")
    assert world.runs() == []
    assert "only the text of its card changed" in decision(ada, thread)


@pytest.mark.thorough
def test_no_more_is_built_in_a_day_than_was_allowed_and_the_rest_waits(world: World, ada: Person) -> None:
    thread = watches(ada, "on=main max=1/day")
    commits(ada, "1", "model.safetensors")
    stops(thread, next_run(world))

    sha = commits(ada, "2", "model.safetensors")

    wait_until(lambda: "waits, because a watch builds at most once a day" in decision(ada, thread), every=0.5)
    assert len(world.runs()) == 1
    world.passes(hours=24.1)
    run = next_run(world, before=1)
    assert run.sha == sha
    stops(thread, run)


def test_who_watches_no_more_has_no_webhook(world: World, ada: Person) -> None:
    thread = watches(ada)

    ada.says(thread, "@space-factory unwatch")

    assert "I don't watch" in thread.next_reply()
    assert ada.api.list_webhooks() == []
    ada.says(thread, "@space-factory unwatch")
    assert "no watch of yours" in thread.next_reply()


def test_nobody_else_has_a_watchers_secret(world: World, ada: Person) -> None:
    thread = watches(ada)
    [hook] = ada.api.list_webhooks()

    assert hook.url == f"{world.url}/webhooks/watch/{ada.id}"
    assert hook.secret and hook.secret != world.webhook_secret
    for user_id, secret in ((world.bob.id, hook.secret), (ada.id, world.webhook_secret), (ada.id, "")):
        assert world.delivers_to(f"watch/{user_id}", {}, secret) == 401
    assert world.delivers_to(f"watch/{ada.id}", {}, hook.secret) == 400
    assert thread.replies()


def test_who_has_not_allowed_webhooks_is_asked_for_just_that_and_it_goes_on(world: World) -> None:
    bob = world.bob.signs_in()
    thread = bob.opens_discussion(SENTIMENT, "@space-factory watch")
    asked = thread.next_reply()
    assert "make a webhook in your account" in asked and "goes on" in asked
    assert world.watches.of(bob.id) == [] and bob.api.list_webhooks() == []

    bob.signs_in("/&scopes=webhooks")

    assert "👀 I watch" in thread.next_reply()
    assert watched_by_webhooks(bob) == [[SENTIMENT]]
