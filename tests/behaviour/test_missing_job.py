"""The Hub does not find a Job that was launched: at times it is wrong, and in the end it may be right."""

import pytest

from bot.domain.models import RunState
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.timeout(180),
    pytest.mark.world(silence_seconds=0.5),
]


def a_silent_run(world: World) -> Thread:
    world.ada.signs_in()
    world.hub.misbehaves("job-stuck-in-scheduling")
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory plan")
    thread.run_reaches(RunState.RUNNING)
    return thread


def no_look_finds_it(world: World, **how_often: int) -> None:
    world.hub.misbehaves("job-lost")
    world.hub.misbehaves("status", status=404, route="GET /api/jobs/ada", user="ada", **how_often)


def test_a_job_that_is_not_found_by_its_id_is_found_by_its_label(world: World) -> None:
    thread = a_silent_run(world)
    world.hub.misbehaves("job-lost")
    looked_at = thread.run().looked_at or 0

    wait_until(lambda: (thread.run().looked_at or 0) > looked_at + 3, "looks at the Job", seconds=120)

    run = thread.run()
    assert (run.state, run.missed) == (RunState.RUNNING, 0)
    is_cancelled(world, thread)


def test_a_job_that_is_not_found_for_a_while_goes_on(world: World) -> None:
    thread = a_silent_run(world)
    no_look_finds_it(world, times=3)

    wait_until(lambda: thread.run().missed == 3, "three looks that find nothing", seconds=120)
    wait_until(lambda: thread.run().missed == 0, "a look that finds it", seconds=120)

    assert thread.run().state is RunState.RUNNING
    is_cancelled(world, thread)


def test_a_job_that_stays_away_ends_its_run_with_what_was_tried(world: World) -> None:
    thread = a_silent_run(world)
    no_look_finds_it(world)

    run = thread.run_ends()

    assert run.state is RunState.ERRORED
    assert "its Job is not in your account any more: I looked 5 times" in thread.next_reply()
    assert "left no report" in thread.next_reply()


def is_cancelled(world: World, thread: Thread) -> None:
    world.hub.behaves("job-lost")
    world.ada.says(thread, "@space-factory cancel")
    assert thread.run_ends().state is RunState.CANCELLED
    thread.read.update(each.id for each in thread.replies())
