"""An earlier version left a database with runs that were not over: this version finishes them."""

import json
import time

import pytest
from sqlalchemy import create_engine, text

from bot.domain.models import RunState, run_id_for
from tests.harness.migrating import migrate
from tests.harness.people import Thread
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(180)]

RELEASED = {"main": "main_0005", "inbox": "inbox_0001"}


def an_older_database(world: World, *runs: dict[str, object]) -> None:
    """In place of the one that is there."""
    for room, address in (("main", world.settings.main_database), ("inbox", world.settings.inbox_database)):
        engine = create_engine(address)
        for file in world.settings.data_dir.glob(f"{engine.url.database.rpartition('/')[2]}*"):
            file.unlink()
        migrate(engine, room, RELEASED[room])
        with engine.begin() as connection:
            for run in runs if room == "main" else ():
                names = ", ".join(run)
                values = ", ".join(f":{name}" for name in run)
                connection.execute(text(f"INSERT INTO runs ({names}) VALUES ({values})"), run)
        engine.dispose()


def an_older_run(world: World, thread: Thread, state: RunState, **more: object) -> dict[str, object]:
    """As version 0005 wrote it."""
    return {
        "id": run_id_for(thread.repo + str(thread.num)),
        "requester_id": world.ada.id,
        "requester_name": "ada",
        "thread": f"hub:{thread.repo}#{thread.num}",
        "kind": "plan",
        "wishes": json.dumps({"rev": "main", "budget": 1.0, "notify": "all"}),
        "model_id": SENTIMENT,
        "sha": world.ada.api.model_info(SENTIMENT).sha,
        "is_private": False,
        "target_space": "ada/product-reviews-sentiment-demo",
        "state": state.value,
        "shown": "",
        "shown_at": 0.0,
        "created_at": time.time(),
        "tries": 0,
        "version": 3,
        "due_at": time.time(),
        "asked": 1,
        "claimed_until": 0.0,
        **more,
    }


def test_open_runs_of_the_version_before_are_finished_by_this_one(world: World) -> None:
    world.stops()
    threads = [world.ada.opens_discussion(SENTIMENT, "a plan, please") for _ in range(3)]
    waiting, queued, lost = threads
    an_older_database(
        world,
        an_older_run(world, waiting, RunState.WAITING_FOR_SIGN_IN, sha=None),
        an_older_run(world, queued, RunState.QUEUED),
        an_older_run(world, lost, RunState.CANCELLED, cancelled_by="ada", ended_at=time.time()),
    )
    world.starts()
    world.reads_again()

    assert "Connect your account" in waiting.next_reply()
    queued.run_reaches(RunState.WAITING_FOR_SIGN_IN)
    world.ada.signs_in()

    for thread, state in (
        (waiting, RunState.SUCCEEDED),
        (queued, RunState.SUCCEEDED),
        (lost, RunState.CANCELLED),
    ):
        assert thread.run_ends().state is state
        thread.read.update(reply.id for reply in thread.replies())
        assert len(thread.replies()) == 2
