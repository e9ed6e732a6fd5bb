"""kill -9 at moments that nobody has named, several times while a run is on its way: everything happens once.

The moments are drawn from a seed that is printed; `KILL_SEED=… pytest …` draws the same ones again.
"""

import os
import random
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.models import RunState
from tests.behaviour.test_kill_walk import asks, asks_and_cancels, assert_once
from tests.harness.chat import Chat
from tests.harness.discord_calls import FINAL
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.watching import commits, has_a_model, watches
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

KILLS = 5
LATEST = 1.5
"""Seconds between two lives of the bot."""


@pytest.fixture
def moments() -> list[float]:
    seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(10**9))
    print(f"KILL_SEED={seed}")
    drawn = random.Random(seed)
    return [drawn.uniform(0, LATEST) for _ in range(KILLS)]


def lives_and_dies(world: World, moments: list[float]) -> None:
    for moment in moments:
        time.sleep(moment)  # this is no waiting for anything: it is when it dies
        world.kills()
        world.starts_as_process()


def asks_for_a_build(world: World) -> Thread:
    return world.ada.opens_discussion(SENTIMENT, "@space-factory build")


@pytest.mark.parametrize(
    ("ask", "state"),
    [
        (asks, RunState.SUCCEEDED),
        (asks_for_a_build, RunState.SUCCEEDED),
        (asks_and_cancels, RunState.CANCELLED),
    ],
)
def test_a_run_ends_once(
    world: World, moments: list[float], ask: Callable[[World], Thread], state: RunState
) -> None:
    world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    thread = ask(world)

    lives_and_dies(world, moments)

    run = thread.run_ends(seconds=180)
    assert run.state is state
    assert_once(world, thread, run)


@pytest.mark.world(burst_seconds=0.2)
def test_a_new_version_of_a_watched_model_is_built_once(world: World, moments: list[float]) -> None:
    ada = has_a_model(world)
    thread = watches(ada)
    world.stops()
    world.starts_as_process()
    commits(ada, "1", "model.safetensors")

    lives_and_dies(world, moments)

    wait_until(world.runs, "its run", seconds=60)
    [run] = world.runs()
    wait_until(lambda: world.rows.get(run.id).state is RunState.RUNNING, "its Job", seconds=60)
    ada.says(thread, f"@space-factory cancel {run.id}")
    lives_and_dies(world, moments[:2])
    wait_until(lambda: world.rows.get(run.id).is_settled, "its end", seconds=120)
    assert [each.id for each in world.runs()] == [run.id]
    said = wait_until(lambda: texts if len(texts := new(thread)) == 2 else None, "two messages")
    assert len([text for text in said if FINAL in text and run.id in text]) == 1, said
    [job] = ada.api.list_jobs(namespace="ada", labels={"run": run.id})
    assert job.status.stage == "CANCELED"
    thread.read.update(reply.id for reply in thread.replies())


def new(thread: Thread) -> list[str]:
    return [reply.content for reply in thread.replies() if reply.id not in thread.read and not reply.hidden]


def test_a_run_that_was_asked_for_on_discord_ends_once(tmp_path: Path, moments: list[float]) -> None:
    chat = Chat(tmp_path)
    try:
        chat.links(chat.ada, chat.world.ada)
        chat.world.stops()
        chat.world.starts_as_process()
        chat.discord.connects(60)
        chat.ada.slash("plan", model=SENTIMENT).acknowledged(seconds=20)

        lives_and_dies(chat.world, moments)

        run = chat.run_ends(seconds=180)
        assert run.state is RunState.SUCCEEDED
        assert chat.told_of(run) == (1, 1)
        assert len(list(chat.world.ada.api.list_jobs(namespace="ada", labels={"run": run.id}))) == 1
    finally:
        chat.close()
