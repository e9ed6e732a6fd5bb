"""The bot is stopped, or killed, in the middle of a run: one Job, one living message, one final answer."""

import pytest

from bot.domain.models import RunState
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from worker.contract import Phase

pytestmark = pytest.mark.thorough  # a kill at each step: see test_kill_walk.py


def reaches(world: World, thread: Thread, phase: Phase) -> bool:
    """Whether the worker has begun this phase, as its record in the bucket says."""
    run = thread.run()
    folder = world.hub.folder / "buckets" / "ada" / "space-factory-runs" / "runs" / run.id
    file = folder / "events.jsonl"
    return file.exists() and f'"{phase.value}"' in file.read_text()


@pytest.mark.timeout(300)
def test_killed_three_times_it_still_does_everything_once(world: World) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_as_process()

    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    wait_until(lambda: bool(thread.replies()), "the living message", every=0.01)
    world.kills()
    world.starts_as_process()
    thread.run_reaches(RunState.RUNNING)
    world.kills()
    world.starts_as_process()
    wait_until(lambda: reaches(world, thread, Phase.VALIDATE), "the probes", seconds=60)
    world.kills()
    world.starts_as_process()

    run = thread.run_ends()
    assert run.state is RunState.SUCCEEDED
    jobs = list(ada.api.list_jobs(namespace="ada", labels={"run": run.id}))
    assert [job.id for job in jobs] == [run.job_id]
    assert len(world.runs()) == 1
    assert "I edit this message" in thread.next_reply()
    assert "final answer" in thread.next_reply()
    assert len(thread.replies()) == 2


@pytest.mark.world(silence_seconds=1)
def test_a_worker_that_could_not_report_is_found_by_its_record(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING)
    world.stops()

    ada.api.wait_for_job(job_id=run.job_id, namespace="ada", timeout=100)
    world.starts()

    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "✅ **Ready:**" in thread.next_reply()
    assert "final answer" in thread.next_reply()
