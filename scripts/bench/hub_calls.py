"""Hub calls of one undisturbed build, beside what others ask of the Hub to follow the same build.

All three are counted at doors of their own. *Naive polling* asks every ten seconds for the thread and for the
Job. The *predecessor* leaves it to a person who presses Refresh; this one does so every ten seconds, and each
press reads three files of the record, the Job and its log. What starts a build comes on top for both.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx2
from huggingface_hub import HfApi

from bot.domain.models import Run, RunState
from scripts.bench.counting import Door, counting_door
from tests.harness.people import Thread
from tests.harness.world import SENTIMENT, World
from worker.contract import RECORD_BUCKET

EVERY = 10.0
LONGEST = 600.0
EDIT = re.compile(r"POST .*/comment/\w+/edit")
LOOK = re.compile(r"GET (/api/jobs/ada/[0-9a-f]{24}.*|/buckets/.*)")
RECORD = ("state.json", "events.jsonl", "report.md")


def hub_calls(folder: Path) -> dict[str, float]:
    """Of a person's first build."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        ours, naive, by_hand = (stack.enter_context(counting_door()) for _ in range(3))
        world = World(folder)
        stack.callback(world.close)
        for door in (ours, naive, by_hand):
            door.hub = world.hub.endpoint
        world.stops()
        world.settings = world.settings.model_copy(update={"hf_endpoint": ours.address})
        world.starts_as_process()
        world.ada.signs_in()
        return _build(world, ours, naive, by_hand)


def _build(world: World, ours: Door, naive: Door, by_hand: Door) -> dict[str, float]:
    ours.counts.clear()  # its start, and the sign-in
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING, LONGEST)
    with (
        _every_ten_seconds(lambda: _poll(naive, thread, run, world)),
        _every_ten_seconds(lambda: _refresh(by_hand, run, world)),
    ):
        ended = thread.run_ends(LONGEST)
    assert ended.state is RunState.SUCCEEDED, ended.problem
    asked = {what: count for what, count in ours.counts.items() if not EDIT.fullmatch(what)}
    return {
        "Hub calls of a run": sum(asked.values()),
        "Hub calls of a run, to follow its Job": sum(n for what, n in asked.items() if LOOK.fullmatch(what)),
        "Hub calls of a run, edits of its message": sum(ours.counts.values()) - sum(asked.values()),
        "to follow a Job, naive polling": sum(naive.counts.values()),
        "to follow a Job, the predecessor's flow": sum(by_hand.counts.values()),
    }


def _poll(door: Door, thread: Thread, run: Run, world: World) -> None:
    assert run.job_id
    bot = HfApi(endpoint=door.address, token=world.hub.token("space-factory"))
    ada = HfApi(endpoint=door.address, token=world.hub.token("ada"))
    bot.get_discussion_details(thread.repo, thread.num)
    ada.inspect_job(job_id=run.job_id, namespace="ada")


def _refresh(door: Door, run: Run, world: World) -> None:
    assert run.job_id
    token = world.hub.token("ada")
    ada = HfApi(endpoint=door.address, token=token)
    for name in RECORD:
        file = f"{door.address}/buckets/ada/{RECORD_BUCKET}/resolve/runs/{run.id}/{name}"
        httpx2.get(file, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    ada.inspect_job(job_id=run.job_id, namespace="ada")
    with suppress(TypeError):  # the client compares two kinds of times where a log ends
        list(ada.fetch_job_logs(job_id=run.job_id, namespace="ada", tail=20))


@contextmanager
def _every_ten_seconds(ask: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def go_on() -> None:
        ask()
        while not over.wait(EVERY):
            ask()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
