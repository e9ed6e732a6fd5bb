"""A Space without a disk: each start brings back what the last copy in the bucket holds, and finds the rest."""

import shutil
from pathlib import Path

import httpx2
import pytest

from bot.domain import retention
from bot.domain.models import RunState
from bot.store.copies import unpack
from tests.behaviour.test_kill_walk import assert_once
from tests.harness import leaving
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

BUCKET = "space-factory/state"
SELDOM, OFTEN = 60, 0.5
"""Seconds between two copies: none but those of a start and a stop, or as many as there can be."""

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.timeout(240),
    pytest.mark.world(state_bucket=BUCKET, state_seconds=SELDOM),
]


def the_disk_is_wiped(world: World) -> None:
    shutil.rmtree(world.settings.data_dir)


def copies(world: World) -> list[str]:
    """Names, the newest last."""
    tree = world.hub.api("space-factory").list_bucket_tree(BUCKET)
    return sorted(each.path for each in tree)


def copy(world: World, name: str, folder: Path) -> Path:
    """The databases of one copy, in that folder."""
    folder.mkdir()
    packed = folder / "copy.zip"
    world.hub.api("space-factory").download_bucket_files(BUCKET, [(name, packed)])
    unpack(packed, folder)
    return folder


def kept_at(world: World) -> float:
    return float(httpx2.get(f"{world.url}/readyz").json()["state_kept_at"])


def settled(thread: Thread) -> None:
    """Nothing more was said until now."""
    before = len(thread.replies())
    thread.world.bob.says(thread, "@space-factory ping")
    wait_until(lambda: len(thread.replies()) > before, "the answer", seconds=120)
    assert "🏓 Up" in thread.replies()[-1].content and len(thread.replies()) == before + 1
    thread.read.update(each.id for each in thread.replies())


def test_a_restart_of_the_space_forgets_nothing(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    before = thread.run_ends()
    world.stops()

    the_disk_is_wiped(world)
    world.starts()
    world.reads_again()

    assert world.runs() == [before]
    ada.says(thread, "@space-factory plan zoo/handwritten-digits")
    wait_until(lambda: len(world.runs()) == 2, "a run without another sign-in", seconds=120)
    assert thread.run_ends().state is RunState.SUCCEEDED
    settled(thread)
    assert len(thread.replies()) == 5


def test_what_came_after_the_last_copy_is_found_on_the_hub(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_doomed("launch", "after")
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    world.dies()

    the_disk_is_wiped(world)
    world.starts_as_process()
    world.reads_again()

    run = thread.run_ends()
    assert run.state is RunState.SUCCEEDED
    assert_once(world, thread, run)
    settled(thread)


def test_what_was_done_after_the_last_copy_is_not_done_again(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run_ends()
    before = [(each.id, each.content) for each in thread.replies()]
    world.kills()

    the_disk_is_wiped(world)
    world.starts()
    world.reads_again()

    asked = thread.comments()[0].id
    wait_until(lambda: world.deliveries.is_known(f"comment:{asked}"), "the comment that is read again", 120)
    wait_until(lambda: not world.deliveries.due(1e12), "its end", 120)
    assert [(each.id, each.content) for each in thread.replies()] == before
    jobs = list(ada.api.list_jobs(namespace="ada"))
    assert [job.id for job in jobs] == [run.job_id]
    settled(thread)


@pytest.mark.world(state_bucket=BUCKET, state_seconds=OFTEN)
def test_copies_go_out_while_it_works_and_only_few_stay(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    thread.run_ends()
    since = world.clock()
    ada.says(thread, "@space-factory help")
    wait_until(lambda: kept_at(world) > since, "a copy of it", seconds=120)
    assert len(copies(world)) <= 3
    world.stops()
    world.starts_as_process()
    world.kills()

    the_disk_is_wiped(world)
    world.starts()
    world.reads_again()

    assert len(world.runs()) == 1
    settled(thread)


@pytest.mark.world(state_bucket=BUCKET, state_seconds=OFTEN)
def test_though_nothing_changes_an_old_copy_does_not_stay_for_long(world: World) -> None:
    old = set(copies(world))
    for _ in range(retention.COPIES):
        last = copies(world)[-1]
        world.passes(hours=retention.COPY / 3600)
        wait_until(lambda last=last: copies(world)[-1] > last, "another copy", seconds=120)

    assert not old & set(copies(world))


@pytest.mark.world(state_bucket=BUCKET, state_seconds=OFTEN)
def test_a_copy_holds_no_token_and_nothing_of_the_engine(world: World, tmp_path: Path) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    thread.run_ends()
    thread.read.update(each.id for each in thread.replies())
    world.stops()

    there = copy(world, copies(world)[-1], tmp_path / "copy")

    columns = leaving.columns_of(there)
    tables = {name for name, _ in columns}
    assert {"space-factory.sqlite:runs", "inbox.sqlite:deliveries"} <= tables
    assert not [name for name in tables if "workflow" in name]
    plain = b"\n".join(text for _, text in columns)
    assert b"ada" in plain and not leaving.TOKEN.search(plain)
    sealed = (there / "space-factory.sqlite").read_bytes()
    assert not leaving.TOKEN.search(sealed) and world.hub.token("space-factory").encode() not in sealed
    world.starts()
