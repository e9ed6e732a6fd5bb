"""Which version the tables of a room have, and which this code knows: the files of migrations tell."""

from pathlib import Path

from sqlalchemy import Connection, Text, column, inspect, select, table

MIGRATIONS = Path(__file__).parent / "migrations"


def known_versions(room: str) -> list[str]:
    """The oldest first. Tables of this code have the last one."""
    return [f"{room}_{each.name[:4]}" for each in sorted((MIGRATIONS / room).glob("[0-9]*.py"))]


def is_up_to_date(connection: Connection, room: str) -> bool:
    name = f"{room}_version"
    if not inspect(connection).has_table(name):
        return False
    query = select(column("version_num", Text)).select_from(table(name))
    return connection.execute(query).scalar_one_or_none() == known_versions(room)[-1]
