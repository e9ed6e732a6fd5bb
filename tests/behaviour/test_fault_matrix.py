"""Every call of the Hub that a run makes, and every way in which the Hub fails it: the run ends in the right
state, with the right sentence, and nothing is doubled.

A run is a `plan`: it makes all the calls of a build, and is over in seconds.
"""

from collections.abc import Iterator

import pytest

from bot.domain.living_message import answer_mark, living_mark
from bot.domain.models import Run, RunState
from bot.first_hand import Seen
from tests.harness import leaving
from tests.harness.calls import OF_A_RUN
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED, heard
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, SENTIMENT, World
from worker.contract import RECORD_BUCKET

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

Expected = tuple[RunState | None, str]
"""The state in which the run ends (None: there is no run), and words that the thread hears."""
READY: Expected = (RunState.SUCCEEDED, "📋 **Plan for")
NOT_STARTED = "the Hub refused to start the Job in your account"
UNLIKE_READY: dict[tuple[str, str], Expected] = {
    **{("read the comment", fault): (None, "") for fault in REFUSED},
    **{("the model", fault): (None, "I can't open that model") for fault in ("401", "403", "404")},
    **{
        (call, fault): (RunState.ERRORED, NOT_STARTED)
        for call in ("find the Job", "launch the Job")
        for fault in ("401", "403", "404", "409")
    },
    # One that is there already is as good as one that could be made.
    ("make the bucket", "404"): (RunState.ERRORED, NOT_STARTED),
    **{
        (call, "402"): (RunState.ERRORED, "there are no credits on your account")
        for call in ("find the Job", "make the bucket", "launch the Job")
    },
}


LOOKS = {
    "find our message": "post a comment",
    "find the Job": "launch the Job",
    "find our answer": "post the answer",
}
"""Looked for only after an attempt that failed: each with the call whose failure leads to it."""


@pytest.fixture(scope="module")
def world_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: each case puts back what it changed."""
    world = World(
        tmp_path_factory.mktemp("faults"),
        hub_seconds=HUB_SECONDS,
        silence_seconds=1,
        commands_per_hour=10_000,
        job_minutes=400,  # the cases move the clock ahead of the Hub's, which dates a Job that is found
    )
    tried_again = ("delivery failed",)
    with leaving.lived_in(world, expected_errors=tried_again):
        world.ada.signs_in()
        yield world


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_RUN)
def test_a_call_that_fails(world_of_faults: World, call: str, fault: str) -> None:
    world, (state, words) = world_of_faults, UNLIKE_READY.get((call, fault), READY)
    before = {run.id for run in world.runs()}
    world.passes(hours=1.1 if call == "the price" else 0)  # it is asked for once an hour
    switch = FAULTS[fault].switch
    world.ctx.first_hand.relies_on("ada", Seen.BUCKET)  # of an earlier run; it is made again
    FAULTS[fault].befalls(world.hub, OF_A_RUN[call])
    before_it = FAULTS["refused" if switch == "status" else "503"]
    if call in LOOKS:
        before_it.befalls(world.hub, OF_A_RUN[LOOKS[call]])

    place = DIGITS if call == "the owner's file" else SENTIMENT  # of the model itself its files are seen
    thread = world.ada.opens_discussion(place, f"@space-factory plan {SENTIMENT}")
    try:
        runs = ends(world, thread, before, state, words, switch)
    finally:
        world.hub.behaves(switch)
        world.hub.behaves(before_it.switch)

    said = heard(world, thread)
    assert not words or any(words in text for text in said), said
    assert [run.state for run in runs] == ([state] if state else [])
    for run in runs:
        nothing_is_doubled(world, run, said)
    thread.read.update(reply.id for reply in thread.replies())


def test_a_bucket_that_somebody_deleted_is_made_again(world_of_faults: World) -> None:
    ada = world_of_faults.ada
    before = {run.id for run in world_of_faults.runs()}
    for number in range(2):
        thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
        run = thread.run_ends()
        assert (number, run.state) == (number, RunState.SUCCEEDED), run.problem
        thread.read.update(reply.id for reply in thread.replies())
        ada.api.delete_bucket(f"ada/{RECORD_BUCKET}")
    assert len(new(world_of_faults, before)) == 2


def ends(
    world: World, thread: Thread, before: set[str], state: RunState | None, words: str, switch: str
) -> list[Run]:
    """The runs that came of it, when the fault was met and there is nothing left to do."""

    def over() -> bool:
        world.passes(hours=0.0005)  # who waits to try again need not be waited for
        is_said = not words or any(words in text for text in heard(world, thread))
        runs = new(world, before)
        return (
            is_said
            and world.hub.has_met(switch)
            and bool(runs) is (state is not None)
            and all(run.is_settled for run in runs)
        )

    wait_until(over, lambda: f"{state} and {words!r}; it is {new(world, before)}", seconds=90, every=0.2)
    return new(world, before)


def new(world: World, before: set[str]) -> list[Run]:
    return [run for run in world.runs() if run.id not in before]


def nothing_is_doubled(world: World, run: Run, said: list[str]) -> None:
    jobs = list(world.ada.api.list_jobs(namespace="ada", labels={"run": run.id}))
    assert [job.id for job in jobs] == ([run.job_id] if run.job_id else [])
    for mark in (living_mark(run.id), answer_mark(run.id)):
        assert len([text for text in said if mark in text]) == 1, said
