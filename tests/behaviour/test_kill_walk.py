"""The bot is killed at every step of a run, before its effect and after it: everything happens once all the same.

The steps are those of the code's own table. A new one needs a way to it in `WAYS`, or the first test fails.
"""

from collections.abc import Callable
from contextlib import suppress

import httpx2
import pytest

from bot.domain.living_message import answer_mark, living_mark
from bot.domain.models import Run, RunState
from bot.runs.steps import STEPS
from tests.harness.dying_bot import MOMENTS
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

Way = Callable[[World], Thread]
QUICK = {("answer", "after")}
STATES = {"expire": RunState.EXPIRED, "cancel": RunState.CANCELLED}
HURRY = {"expire": {"sign_in_hours": 0.001}, "look": {"silence_seconds": 0.05}}
"""Settings that bring a step about soon."""


def asks(world: World) -> Thread:
    return world.ada.opens_discussion(SENTIMENT, "@space-factory plan")


def asks_and_cancels(world: World) -> Thread:
    thread = asks(world)
    thread.run_reaches(RunState.RUNNING)
    world.ada.says(thread, "@space-factory cancel")
    return thread


def asks_before_signing_in(world: World) -> Thread:
    thread = asks(world)
    wait_until(lambda: bool(thread.replies()), "the link")
    with suppress(httpx2.TransportError):  # it dies while her browser waits
        world.ada.signs_in()
    return thread


WAYS: dict[str, Way] = {
    "expire": asks,
    "resume": asks_before_signing_in,
    "cancel": asks_and_cancels,
    "announce": asks,
    "launch": asks,
    "settle": asks,
    "look": asks,
    "show": asks,
    "answer": asks,
}
"""How each step comes to be needed."""


def moments() -> list[object]:
    """Every step at every moment; most of them are thorough."""
    return [_moment(step.name, moment) for step in STEPS for moment in MOMENTS]


def _moment(step: str, moment: str) -> object:
    marks = [pytest.mark.world(**HURRY.get(step, {}))]
    if (step, moment) not in QUICK:
        marks.append(pytest.mark.thorough)
    return pytest.param(step, moment, marks=marks)


def test_there_is_a_way_to_every_step_of_the_table() -> None:
    assert set(WAYS) == {step.name for step in STEPS}


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("step", "moment"), moments())
def test_killed_at_a_step_it_does_everything_once(world: World, step: str, moment: str) -> None:
    if step not in {"expire", "resume"}:
        world.ada.signs_in()
    world.stops()
    world.starts_doomed(step, moment)

    thread = WAYS[step](world)
    world.dies()
    world.starts_as_process()

    run = thread.run_ends()
    assert run.state is STATES.get(step, RunState.SUCCEEDED)
    assert_once(world, thread, run)


def assert_once(world: World, thread: Thread, run: Run) -> None:
    """One run, and all that belongs to it once."""
    assert len(world.runs()) == 1
    done_once(world, thread, run)


def done_once(world: World, thread: Thread, run: Run) -> None:
    """One Job or none, one living message, one final answer, and a complete record."""
    who = world.person(run.requester.name)
    jobs = [job.id for job in who.api.list_jobs(namespace=who.name, labels={"run": run.id})]
    assert jobs == ([run.job_id] if run.job_id else [])
    said = [reply.content for reply in thread.replies() if not reply.hidden]
    assert len([text for text in said if living_mark(run.id) in text]) == 1
    assert len([text for text in said if answer_mark(run.id) in text]) == 1
    thread.read.update(reply.id for reply in thread.replies())
    if run.state is RunState.SUCCEEDED:
        assert run.report is not None
        seqs = [event.seq for event in world.run_events.of(run.id)]
        assert seqs == list(range(1, len(seqs) + 1)) and seqs
        folder = world.hub.folder / "buckets" / who.name / "space-factory-runs" / "runs" / run.id
        assert (folder / "report.json").exists() and (folder / "events.jsonl").exists()
