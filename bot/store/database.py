"""The engine (SQLite or PostgreSQL by its address) and its forward-only migrations."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.versions import is_up_to_date


def open_database(url: str, room: str) -> Engine:
    """Connect and bring the tables up to date. `room` is `main` or `inbox`, a folder of migrations."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite")
    if address.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    _migrate(engine, room)
    return engine


def close_databases(*databases: Engine) -> None:
    for database in databases:
        database.dispose()


def insert_for(connection: Connection) -> Any:
    """The dialect's `insert`, which knows `on_conflict_do_nothing`."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def one_at_a_time(connection: Connection, what: str) -> None:
    """On PostgreSQL, wait for the other transaction about this; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Readers beside one writer, every commit on disk, and writers that wait instead of failing. A connection
    keeps 256 KiB of the file in memory: there are a dozen, and the system keeps the file anyway."""
    connection.isolation_level = "IMMEDIATE"
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "cache_size=-256",
    )
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _migrate(engine: Engine, room: str) -> None:
    with engine.begin() as connection:
        if not is_up_to_date(connection, room):
            from bot.store.migrating import bring_up_to_date  # and Alembic: 8 MB for what few starts need

            bring_up_to_date(connection, room)
