"""Each room's migrations end where the tables of the code are, and lose no row on the way."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, create_engine, func, select

from bot.store.database import open_database
from bot.store.tables import inbox_tables, main_tables
from bot.store.versions import is_up_to_date, known_versions
from tests.harness.migrating import migrate, revisions


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


@pytest.mark.parametrize("room", ["inbox", "main"])
def test_the_files_names_tell_the_versions_as_the_migrations_do(tmp_path: Path, room: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.sqlite")

    assert known_versions(room) == revisions(engine, room)
    for revision in revisions(engine, room):
        with engine.connect() as connection:
            assert not is_up_to_date(connection, room)
        migrate(engine, room, revision)
    with engine.connect() as connection:
        assert is_up_to_date(connection, room)
    engine.dispose()


def fill(engine: Engine, room: str) -> dict[str, int]:
    """A row in every table that has none; how many rows each has then."""
    there = MetaData()
    there.reflect(engine)
    counts = {}
    with engine.begin() as connection:
        for table in there.sorted_tables:
            if table.name == f"{room}_version":
                continue
            if connection.execute(select(func.count()).select_from(table)).scalar_one() == 0:
                connection.execute(table.insert().values({each.name: sample(each) for each in table.columns}))
            counts[table.name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return counts


def sample(column: Column[object]) -> object:
    """A value that fits; keys of other tables fit too, because each is the same."""
    match column.type.python_type.__name__:
        case "int":
            return 1
        case "float":
            return 1.5
        case "bool":
            return False
        case "bytes":
            return b"sealed"
        case "dict":
            return {}
        case _:
            return "one"


@pytest.mark.parametrize(("room", "tables"), [("inbox", inbox_tables), ("main", main_tables)])
def test_each_migration_is_made_for_tables_that_have_rows(
    tmp_path: Path, room: str, tables: MetaData
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/rows.sqlite")
    before: dict[str, int] = {}

    for revision in revisions(engine, room):
        migrate(engine, room, revision)
        after = fill(engine, room)
        lost = {name for name, count in before.items() if name in after and after[name] < count}
        assert not lost, f"{revision} lost rows of {lost}"
        before = after

    assert set(before) == set(tables.tables)
    engine.dispose()
