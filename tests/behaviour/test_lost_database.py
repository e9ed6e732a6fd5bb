"""The database is deleted in the middle of a run: what was asked is found on the Hub again, and done once."""

import shutil

import pytest

from bot.domain.living_message import answer_mark, living_mark
from bot.domain.models import RunState, run_id_for
from tests.behaviour.test_kill_walk import assert_once
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


def starts_with_nothing(world: World) -> None:
    """Whatever the bot knew is gone."""
    shutil.rmtree(world.settings.data_dir)
    world.starts()
    world.reads_again()


def times_caught_up(world: World) -> int:
    return world.log.file.read_text().count('"caught up"')


def says_that_it_lost(thread: Thread) -> str:
    words = "I have lost what I knew of this request"
    return wait_until(
        lambda: next((each.content for each in thread.replies() if words in each.content), ""),
        "the words about the loss",
        seconds=120,
    )


@pytest.mark.parametrize(
    ("step", "moment"),
    [
        ("announce", "after"),
        ("launch", "before"),
        ("launch", "after"),
        ("show", "before"),
        ("settle", "before"),
        ("answer", "before"),
    ],
)
def test_whoever_connects_again_gets_what_they_asked_for_once(world: World, step: str, moment: str) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_doomed(step, moment)
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    world.dies()

    starts_with_nothing(world)
    if step in {"announce", "launch"}:
        assert "Connect again" in says_that_it_lost(thread)
    ada.signs_in()

    run = thread.run_ends()
    assert run.state is RunState.SUCCEEDED
    assert_once(world, thread, run)


def test_a_worker_that_still_reports_ends_its_run_though_nobody_connects(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING)
    world.stops()

    starts_with_nothing(world)

    found = thread.run_ends()
    assert (found.id, found.state) == (run.id, RunState.SUCCEEDED)
    jobs = list(ada.api.list_jobs(namespace="ada", labels={"run": run.id}))
    assert [job.id for job in jobs] == [run.job_id]
    assert "✅ **Ready:**" in thread.next_reply()
    assert "final answer" in thread.next_reply()
    assert len(thread.replies()) == 2


def test_what_its_message_calls_done_is_not_done_again(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    asked = thread.comments()[0].id
    run = thread.run_ends()
    ada.says(thread, "@space-factory ping")
    wait_until(lambda: len(thread.replies()) == 3, "all answers", 120)
    before = [(each.id, each.content) for each in thread.replies()]
    world.stops()

    starts_with_nothing(world)
    ada.signs_in()
    wait_until(lambda: world.deliveries.is_known(f"comment:{asked}"), "the comment that is read again", 120)
    wait_until(lambda: not world.deliveries.due(1e12), "its end", 120)

    assert world.runs() == []
    assert [(each.id, each.content) for each in thread.replies()] == before
    assert len(list(ada.api.list_jobs(namespace="ada"))) == 1
    assert run.id == run_id_for(f"comment:{asked}")
    thread.read.update(each.id for each in thread.replies())


def test_a_run_that_no_comment_brings_back_is_said_to_be_lost(world: World) -> None:
    ada = world.ada.signs_in()
    world.hub.misbehaves("job-stuck-in-scheduling")
    thread = ada.opens_discussion(SENTIMENT, "Hello")
    asked = ada.says(thread, "@space-factory plan")
    run = thread.run_reaches(RunState.RUNNING)
    with pytest.warns(UserWarning, match="irreversible"):
        ada.api.hide_discussion_comment(thread.repo, thread.num, asked)
    world.stops()

    starts_with_nothing(world)

    is_lost_once(thread, run.id)
    assert world.runs() == []


def test_a_retry_of_what_is_lost_as_well_says_so_in_its_message(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    thread.run_ends()
    thread.read.update(each.id for each in thread.replies())
    world.hub.misbehaves("job-stuck-in-scheduling")
    ada.says(thread, "@space-factory retry")
    wait_until(lambda: len(world.runs()) == 2, "the second run", 120)
    run = thread.run_reaches(RunState.RUNNING)
    world.stops()

    starts_with_nothing(world)

    is_lost_once(thread, run.id)
    assert world.runs() == []


def is_lost_once(thread: Thread, run_id: str) -> None:
    """Its message says it, one short one notifies, and another loss adds nothing."""

    def said(mark: str) -> list[str]:
        return [each.content for each in thread.replies() if mark in each.content]

    wait_until(lambda: said(answer_mark(run_id)), "the last word on it", seconds=120)
    assert len(said(answer_mark(run_id))) == 1
    (message,) = said(living_mark(run_id))
    assert "**I have lost this run:**" in message
    before = times_caught_up(thread.world)
    thread.world.stops()
    starts_with_nothing(thread.world)
    wait_until(lambda: times_caught_up(thread.world) > before, "catching up once more", 120)
    assert len(said(answer_mark(run_id))) == 1
    thread.read.update(each.id for each in thread.replies())
