"""A replica is killed with runs in its hands: how long until another has done the next step of each."""

import time
from pathlib import Path

from sqlalchemy import func, select

from bot.domain.models import RunState
from bot.settings import Settings
from bot.store.database import close_databases, open_database
from bot.store.tables import runs
from scripts.bench.cheap_hub import LAUNCH
from scripts.bench.open_runs import put_people
from scripts.bench.small_world import SmallWorld, bot, small_world
from scripts.bench.starts import deliver
from tests.harness.postgres import Postgres
from tests.harness.waiting import wait_until

HELD = 8
HANGS = 600.0
LONGEST = 120.0


def takeover(folder: Path, postgres: Postgres) -> dict[str, float]:
    with small_world(folder, postgres) as world:
        dies, lives = world.settings(), world.settings()
        put_people(dies, HELD)
        (folder / "dies").mkdir()
        (folder / "lives").mkdir()
        with bot(dies, folder / "dies") as first, bot(lives, folder / "lives"):
            _all_hang(world, dies)
            world.hub_is_slow(0)
            first.kill()
            killed = time.monotonic()
            _all_run(lives)
            return {f"a killed replica's {HELD} runs have moved on (s)": time.monotonic() - killed}


def _all_hang(world: SmallWorld, settings: Settings) -> None:
    """Runs in the middle of the launch of their Job, which the Hub does not answer."""
    world.hub_is_slow(HANGS)
    for number in range(HELD):
        deliver(number, settings, world.secret)
    begun = 0

    def all_hang() -> bool:
        nonlocal begun
        begun += world.asked().get(LAUNCH, 0)
        return begun >= HELD

    wait_until(all_hang, "the launches that hang", LONGEST)


def _all_run(settings: Settings) -> None:
    database = open_database(settings.main_database, "main")
    running = select(func.count()).select_from(runs).where(runs.c.state == RunState.RUNNING)

    def all_run() -> bool:
        with database.connect() as connection:
            return connection.execute(running).scalar_one() == HELD

    wait_until(all_run, "the next step of each run", LONGEST)
    close_databases(database)
