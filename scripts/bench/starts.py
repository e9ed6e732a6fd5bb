"""Runs started per second: from a burst of deliveries to the last Job that was launched of them."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx2

from bot.settings import Settings
from scripts.bench.cheap_hub import LAUNCH, comment_of, id_of
from scripts.bench.open_runs import person, put_people
from scripts.bench.small_world import SmallWorld, bot, small_world
from tests.harness.postgres import Postgres
from tests.harness.waiting import wait_until

WARM, BURST = 20, 200
SENDERS = 16
LONGEST = 300.0


def starts(folder: Path, postgres: Postgres) -> dict[str, float]:
    return {
        "runs started a second, SQLite": _rate(folder / "sqlite", 1, None),
        "runs started a second, PostgreSQL, one replica": _rate(folder / "one", 1, postgres),
        "runs started a second, PostgreSQL, two replicas": _rate(folder / "two", 2, postgres),
    }


def _rate(folder: Path, replicas: int, postgres: Postgres | None) -> float:
    with small_world(folder, postgres) as world, ExitStack() as stack:
        each = [world.settings() for _ in range(replicas)]
        put_people(each[0], WARM + BURST)
        for number, settings in enumerate(each):
            (place := folder / str(number)).mkdir()
            stack.enter_context(bot(settings, place))
        _start(range(WARM), each, world)
        began = time.monotonic()
        _start(range(WARM, WARM + BURST), each, world)
        return BURST / (time.monotonic() - began)


def _start(numbers: Sequence[int], bots: list[Settings], world: SmallWorld) -> None:
    """Deliver to the bots in turn, and wait for as many Jobs."""
    launched = 0

    def all_are_launched() -> bool:
        nonlocal launched
        launched += world.asked().get(LAUNCH, 0)
        return launched >= len(numbers)

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda number: deliver(number, bots[number % len(bots)], world.secret), numbers))
    wait_until(all_are_launched, "the last Job", LONGEST)


def deliver(number: int, settings: Settings, secret: str) -> None:
    """As the Hub does when this person begins a discussion with `build`."""
    model = f"models/{person(number)}"
    body = {
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {"type": "model", "name": model, "id": id_of(model), "private": False},
        "discussion": {"id": id_of(f"discussion of {model}"), "title": "A Space", "num": 1, "status": "open"},
        "comment": {
            "id": comment_of(model),
            "author": {"id": id_of(person(number))},
            "content": "@space-factory build",
            "hidden": False,
        },
        "webhook": {"id": id_of("webhook"), "version": 3},
    }
    headers = {"X-Webhook-Secret": secret}
    url = f"{settings.url}/webhooks/hub"
    answer = httpx2.post(url, content=json.dumps(body), headers=headers, timeout=60, trust_env=False)
    assert answer.status_code == 202, answer.text
