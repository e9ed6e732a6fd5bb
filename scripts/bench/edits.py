"""From a worker's event to the edited message: the bot, the Hub's call alone, a poll every ten seconds.

The messages are old enough to be edited at once: the least time between two edits is a setting.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import httpx2
from huggingface_hub import HfApi

from bot.domain.models import run_id_for
from bot.settings import Settings
from bot.store.vault import Vault
from scripts.bench.cheap_hub import id_of
from scripts.bench.open_runs import EACH, person, put_open_runs
from scripts.bench.sending import percentile
from scripts.bench.servers import Start, bot, running, settings_at
from scripts.bench.small_world import SmallWorld
from tests.harness.waiting import wait_until
from worker.contract import EventKind, Phase, ProgressEvent, ReportCall

SAMPLES = 30
OPEN = 2 * SAMPLES
"""The messages of the older half were edited last more than EDIT_SECONDS ago."""
EVERY = 10.0
BOT = "hf_space-factory"  # the cheap Hub takes a name for a token
HEAD = "| from a worker's event to the edited message | 50 %, ms | 99 %, ms | aim, ms |\n|---|---|---|---|"


def lines(world: SmallWorld, folder: Path) -> Iterator[str]:
    """Ours and the Hub's call in turns, then the poll."""
    yield HEAD
    ours, floor = [], []
    settings = world.settings(log_level="INFO", upkeep_seconds=1)
    with running(partial(_with_open_runs, settings), folder / "server.log") as server:
        for number in range(SAMPLES, OPEN):
            floor.append(_edited(world, number))
            ours.append(_reported(world, number, f"http://127.0.0.1:{server.port}"))
    own = [took - alone for took, alone in zip(ours, floor, strict=True)]
    polled = list(_polled(world))
    yield _line("the bot", ours)
    yield _line("the bot's own part of it", own, "1000")
    yield _line("the Hub's call alone", floor)
    yield _line(f"a poll every {EVERY:.0f} s", polled)


def _line(name: str, seconds: list[float], aim: str = "") -> str:
    times = [1000 * each for each in seconds]
    return f"| {name} | {median(times):.0f} | {percentile(times, 99):.0f} | {aim} |"


def _with_open_runs(settings: Settings, port: int) -> Start:
    put_open_runs(settings_at(settings, port), OPEN)
    return bot(settings, port)


def _reported(world: SmallWorld, number: int, bot_url: str) -> float:
    """Seconds from the worker's call home until the Hub has been asked to edit."""
    run_id = run_id_for(_model(number))
    event = ProgressEvent(
        seq=100, at=datetime.now(UTC), phase=Phase.START, kind=EventKind.DONE, message="The Space runs."
    )
    body = ReportCall(run_id=run_id, events=(event,)).model_dump_json()
    key = {"Authorization": f"Bearer {Vault([world.key]).sign(f'report:{run_id}')}"}
    world.asked()
    began = time.perf_counter()
    answer = httpx2.post(f"{bot_url}/api/runs/{run_id}/reports", content=body, headers=key, trust_env=False)
    assert answer.status_code == 204, answer.text
    wait_until(lambda: world.asked().get("POST edit"), "the edit", seconds=60, every=0.002)
    return time.perf_counter() - began


def _edited(world: SmallWorld, number: int) -> float:
    """Seconds of the one call that nobody can do without."""
    hub = HfApi(endpoint=world.hub, token=BOT)
    model = _model(number)
    began = time.perf_counter()
    hub.edit_discussion_comment(model, 1, id_of(f"message of {model}"), "The Space runs.")
    return time.perf_counter() - began


def _polled(world: SmallWorld) -> Iterator[float]:
    """Likewise for one who looks every ten seconds. An event comes anywhere in the ten, so that the wait is a
    matter of arithmetic; what is measured is the look (one call) and the edit."""
    hub = HfApi(endpoint=world.hub, token=BOT)
    for number in range(SAMPLES):
        began = time.perf_counter()
        hub.whoami()
        looked = time.perf_counter() - began
        yield EVERY * (number + 0.5) / SAMPLES + looked + _edited(world, number)


def _model(number: int) -> str:
    return f"models/{person(number // EACH)}-{number % EACH}"
