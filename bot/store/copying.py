"""A copy of a room's rows in another database, which can then be changed without consequences."""

from pathlib import Path

from sqlalchemy import MetaData, create_engine, insert, make_url, select

from bot.store.database import open_database
from bot.store.tables import inbox_tables, main_tables

ROOMS: dict[str, MetaData] = {"main": main_tables, "inbox": inbox_tables}


def copy_rows(room: str, source: str, target: str) -> None:
    """From one address to another, whose tables are made. The source is only read, and need not be there."""
    new = open_database(target, room)
    address = make_url(source)
    is_file = address.get_backend_name() == "sqlite"
    if is_file and not Path(address.database or "").exists():
        return
    old = create_engine(address)
    with old.connect() as reading, new.begin() as writing:
        for table in ROOMS[room].sorted_tables:
            if rows := [dict(row._mapping) for row in reading.execute(select(table))]:
                writing.execute(insert(table), rows)
    old.dispose()
    new.dispose()
