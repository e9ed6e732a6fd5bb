"""Two bots on one real PostgreSQL: work is shared, and what a dead or frozen one held moves on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from bot.domain.models import Run, RunState
from bot.replicas import LISTENER
from bot.store.database import open_database
from bot.store.leases import Leases
from tests.behaviour.test_kill_walk import assert_once
from tests.behaviour.test_webhooks import comment_payload
from tests.harness.bot import BotProcess
from tests.harness.chat import Chat
from tests.harness.people import Thread
from tests.harness.postgres import Postgres
from tests.harness.replica import Another
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = pytest.mark.timeout(240)

STORM = 300
TAKEN_OVER = 15
"""Seconds after which a dead replica's runs have to move on."""


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, database_url=postgres.database())
    yield made
    made.close()


def moved_on(world: World, held: Run) -> bool:
    now = world.rows.get(held.id)
    return now is not None and now.version > held.version


def ends_once(world: World, thread: Thread) -> None:
    """One Job, one living message, one final answer."""
    run = thread.run_ends()
    assert run.state is RunState.SUCCEEDED
    jobs = list(world.ada.api.list_jobs(namespace="ada", labels={"run": run.id}))
    assert [job.id for job in jobs if job.status.stage != "CANCELED"] == [run.job_id]
    assert "I edit this message" in thread.next_reply()
    assert "final answer" in thread.next_reply()
    assert len([each for each in thread.replies() if not each.hidden]) == 2


@pytest.mark.thorough
def test_a_build_on_postgres_ends_as_on_the_embedded_database(world: World) -> None:
    ends_once(world, world.ada.signs_in().opens_discussion(SENTIMENT, "@space-factory build"))


def test_the_runs_of_a_killed_replica_are_finished_by_the_other(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    with Another(world):
        thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
        wait_until(lambda: bool(thread.replies()), "the living message", every=0.01)
        world.kills()

        ends_once(world, thread)


@pytest.mark.thorough
def test_a_replay_storm_during_a_failover_has_one_effect(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    with Another(world) as other:
        thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
        [asked] = thread.comments()
        told = comment_payload(
            world, comment_id=asked.id, author_id=ada.id, text=asked.content, num=thread.num
        )
        replays = [(each % 2 == 0, told) for each in range(STORM)]
        with ThreadPoolExecutor(20) as pool:
            answers = pool.map(lambda each: delivers(world, other if each[0] else None, each[1]), replays)
            world.kills()
            statuses = set(answers)

        assert statuses <= {202, None} and 202 in statuses
        run = thread.run_ends()
        assert run.state is RunState.SUCCEEDED
        assert_once(world, thread, run)


def delivers(world: World, other: BotProcess | None, body: bytes) -> int | None:
    """To the other replica or to the one that dies; None where nobody answers."""
    url = other.url if other else world.url
    headers = {"X-Webhook-Secret": world.webhook_secret}
    try:
        return httpx2.post(f"{url}/webhooks/hub", content=body, headers=headers, timeout=60).status_code
    except httpx2.TransportError:
        return None


@pytest.mark.thorough
def test_what_a_killed_replica_had_in_hand_moves_on_soon(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    with Another(world):
        world.hub.misbehaves("slow-answer", route="POST /api/jobs/ada", seconds=40, times=1)
        thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
        wait_until(lambda: world.hub.has_met("slow-answer"), "the launch that hangs")
        held = thread.run()
        world.kills()

        wait_until(lambda: moved_on(world, held), "another step of the run", seconds=TAKEN_OVER)
        thread.run_ends()
        thread.read.update(reply.id for reply in thread.replies())


@pytest.mark.thorough
def test_a_replica_that_froze_and_comes_back_does_nothing_twice(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    frozen = world.process
    with Another(world):
        thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
        wait_until(lambda: bool(thread.replies()), "the living message", every=0.01)
        frozen.freezes()
        run = thread.run_reaches(RunState.SUCCEEDED)
        frozen.thaws()

        assert run.state is RunState.SUCCEEDED
        ends_once(world, thread)
        world.stops()


@pytest.mark.thorough
def test_a_replica_that_leaves_hands_its_work_on_at_once(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    with Another(world):
        thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
        thread.run_reaches(RunState.RUNNING)
        world.stops()

        ends_once(world, thread)


@pytest.mark.thorough
def test_one_replica_hears_discord_and_another_when_that_one_is_gone(
    postgres: Postgres, tmp_path: Path
) -> None:
    chat = Chat(tmp_path, database_url=postgres.database())
    try:
        chat.world.stops()
        chat.world.starts_as_process()
        database = open_database(chat.world.settings.main_database, "main")
        leases = Leases(database)
        wait_until(lambda: chat.discord.gateway.connected, "the one that listens", seconds=30)
        before = chat.discord.gateway.counts.identified
        with Another(chat.world):
            assert not leases.take(LISTENER, "somebody else", 1)
            assert chat.discord.gateway.counts.identified == before
            chat.world.kills()

            wait_until(
                lambda: chat.discord.gateway.counts.identified > before, "the other one", seconds=TAKEN_OVER
            )
        database.dispose()
    finally:
        chat.close()
