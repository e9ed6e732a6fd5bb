"""The engine's rows of finished work have a bound, and work that is not finished keeps its row."""

from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import text

from bot.engine import Engine
from bot.store.database import open_database
from tests.harness.small_bot import small_settings
from tests.harness.waiting import wait_until


def test_rows_of_finished_work_end_after_a_while(tmp_path: Path) -> None:
    database = open_database(small_settings(tmp_path).main_database, "main")
    done: list[str] = []
    engine = Engine(database, executor_id="local")
    engine.start(deliver=done.append, tick=done.append, look=done.append)
    try:
        for number in range(3):
            engine.tick(f"r_{number}")
        wait_until(lambda: len(done) == 3 and statuses(database) == {"SUCCESS"}, "the work's end", seconds=60)

        engine.forget_before(0)
        assert rows(database) == 3
        engine.forget_before(4e9)

        assert rows(database) == 0
    finally:
        engine.stop()
        database.dispose()


def statuses(database: Database) -> set[str]:
    with database.connect() as connection:
        return set(connection.execute(text("SELECT status FROM workflow_status")).scalars())


def rows(database: Database) -> int:
    with database.connect() as connection:
        return len(connection.execute(text("SELECT workflow_uuid FROM workflow_status")).all())
