"""Each room's migrations end where the tables of the code are."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from bot.store.database import open_database
from bot.store.tables import inbox_tables, main_tables


@pytest.mark.parametrize(("room", "tables"), [("inbox", inbox_tables), ("main", main_tables)])
def test_the_migrated_database_has_the_tables_of_the_code(
    tmp_path: Path, room: str, tables: MetaData
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/test.sqlite", room)

    with engine.connect() as connection:
        options = {"include_name": lambda name, kind, _: kind != "index" and name != f"{room}_version"}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), tables)
    engine.dispose()

    assert found == []
