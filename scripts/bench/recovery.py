"""After kill -9 with many open runs: how long until the bot answers, and until it has looked at each run.

Looked at is a run whose row was read and compared after the start, and got the time of its next look.
"""

import time
from pathlib import Path

from sqlalchemy import func, select

from bot.settings import Settings
from bot.store.database import close_databases, open_database
from bot.store.tables import runs
from scripts.bench.open_runs import put_open_runs
from scripts.bench.small_world import bot, processor_seconds, small_world
from tests.harness.waiting import wait_until

OPEN = 10_000
LONGEST = 300.0


def recovery(folder: Path) -> dict[str, float]:
    return _after_a_kill(0, folder / "recovery-0") | _after_a_kill(OPEN, folder / f"recovery-{OPEN}")


def _after_a_kill(count: int, folder: Path) -> dict[str, float]:
    with small_world(folder) as world:
        settings = world.settings()
        put_open_runs(settings, count)
        with bot(settings, folder) as first:
            all_looked_at(settings, time.time())
            first.kill()
            killed = time.monotonic()
            with bot(settings, folder) as second:
                ready = time.monotonic() - killed
                all_looked_at(settings, time.time())
                looked = time.monotonic() - killed
                return {
                    f"kill -9 with {count} open runs: answers again (s)": ready,
                    f"kill -9 with {count} open runs: each was looked at (s)": looked,
                    f"kill -9 with {count} open runs: processor until then (s)": processor_seconds(
                        second.pid
                    ),
                }


def all_looked_at(settings: Settings, since: float) -> None:
    """Wait until no run is left that was due at a time before. The only process of a database makes all of
    them due when it starts."""
    database = open_database(settings.main_database, "main")
    left = select(func.count()).select_from(runs).where(runs.c.due_at <= since)

    def none_is_left() -> bool:
        with database.connect() as connection:
            return connection.execute(left).scalar_one() == 0

    wait_until(none_is_left, "a look at each run", LONGEST)
    close_databases(database)
