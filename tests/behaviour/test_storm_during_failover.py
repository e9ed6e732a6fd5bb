"""A replay storm during a failover: of two bots on one PostgreSQL one is killed while runs are open, and all that the
Hub has ever delivered comes again to the other, several times and out of order. Everything happens once."""

import json
import os
import random
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from bot.domain.models import RunState
from tests.behaviour.test_kill_walk import done_once
from tests.harness import leaving
from tests.harness.bot import BotProcess
from tests.harness.postgres import Postgres
from tests.harness.replica import Another
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]

TIMES = 5
"""How often each delivery comes again."""
AT_ONCE = 20


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with leaving.lived_in(World(tmp_path, database_url=postgres.database())) as world:
        yield world


def test_everything_ends_once(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    world.stops()
    world.starts_as_process()
    with Another(world) as left:
        first = ada.opens_discussion(SENTIMENT, "@space-factory plan")
        second = ada.opens_discussion(DIGITS, "@space-factory plan")
        cancelled = bob.opens_discussion(DIGITS, "@space-factory build")
        asked = bob.opens_discussion(SENTIMENT, "@space-factory help")
        wait_until(lambda: len(world.runs()) == 3, "three runs", seconds=120)
        bob.says(cancelled, "@space-factory cancel")
        is_told(world, 5)
        world.kills()
        assert [run for run in world.runs() if not run.is_settled], "it was killed too late"

        storms(world, left)

        for thread in (first, second):
            assert thread.run_ends(400).state is RunState.SUCCEEDED
        assert cancelled.run_ends(400).state is RunState.CANCELLED
        wait_until(lambda: asked.replies() and len(cancelled.replies()) == 3, "all answers", seconds=120)
        before = everything(world)

        storms(world, left)

        assert everything(world) == before
    assert len(world.runs()) == 3
    for thread in (first, second, cancelled):
        done_once(world, thread, thread.run())
    asked.read.update(each.id for each in asked.replies())
    assert len(asked.read) == 1


def is_told(world: World, comments: int) -> None:
    """The Hub has a delivery for each of so many comments of people."""
    who = {world.ada.id, world.bob.id}

    def by_people() -> list[object]:
        bodies = [json.loads(each) for each in told(world)]
        return [each for each in bodies if each.get("comment", {}).get("author", {}).get("id") in who]

    wait_until(lambda: len(by_people()) >= comments, "deliveries", every=0.2)


def told(world: World) -> list[str]:
    """The bodies of all that was ever delivered to the bot, oldest first."""
    [hook] = world.hub.api("space-factory").list_webhooks()
    url = f"{world.hub.endpoint}/api/settings/webhooks/{hook.id}/deliveries"
    headers = {"Authorization": f"Bearer {world.hub.token('space-factory')}"}
    deliveries = httpx2.get(url, headers=headers, trust_env=False, timeout=60).json()
    return [json.dumps(each["body"]) for each in reversed(deliveries)]


def storms(world: World, left: BotProcess) -> None:
    """`STORM_SEED=… pytest …` brings the same order again."""
    seed = int(os.environ.get("STORM_SEED") or secrets.randbelow(10**9))
    print(f"STORM_SEED={seed}")
    again = told(world) * TIMES
    random.Random(seed).shuffle(again)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = set(pool.map(lambda body: delivers(world, left, body), again))
    assert statuses == {202}
    wait_until(lambda: not world.deliveries.due(1e12), "the end of all deliveries", seconds=240)


def delivers(world: World, left: BotProcess, body: str) -> int:
    headers = {"X-Webhook-Secret": world.webhook_secret}
    return httpx2.post(f"{left.url}/webhooks/hub", content=body, headers=headers, timeout=120).status_code


def everything(world: World) -> list[object]:
    """What there is to see of it: every message, every run, every Job."""
    said = [(each.id, each.content) for thread in world.threads for each in thread.comments()]
    jobs = [job.id for who in (world.ada, world.bob) for job in who.api.list_jobs(namespace=who.name)]
    return [said, [(run.id, run.state) for run in world.runs()], sorted(jobs)]
