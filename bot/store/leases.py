"""Leases by name: one owner until a time that only the database's clock decides."""

from sqlalchemy import ColumnElement, Connection, Engine, Float, cast, delete, func, select

from bot.store.database import insert_for
from bot.store.tables import leases


class Leases:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, name: str, owner: str, seconds: float) -> bool:
        """Take it, or keep it for some more time; False while somebody else's has not run out."""
        with self._engine.begin() as connection:
            now = _now(connection)
            new = insert_for(connection)(leases).values(name=name, owner=owner, until=now + seconds)
            free = (leases.c.owner == owner) | (leases.c.until < now)
            taken = new.on_conflict_do_update(
                index_elements=["name"], set_={"owner": owner, "until": now + seconds}, where=free
            )
            return connection.execute(taken.returning(leases.c.name)).first() is not None

    def give_back(self, name: str, owner: str) -> None:
        mine = (leases.c.name == name) & (leases.c.owner == owner)
        with self._engine.begin() as connection:
            connection.execute(delete(leases).where(mine))

    def ran_out(self, beginning: str) -> list[str]:
        """Names that begin like this and that nobody has renewed in time."""
        with self._engine.connect() as connection:
            late = leases.c.name.startswith(beginning, autoescape=True) & (leases.c.until < _now(connection))
            return list(connection.execute(select(leases.c.name).where(late)).scalars())

    def forget(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(leases).where(leases.c.name == name, leases.c.until < _now(connection)))


def _now(connection: Connection) -> ColumnElement[float]:
    """Seconds since 1970 by the database's clock: those of two machines differ."""
    if connection.dialect.name == "postgresql":
        return cast(func.extract("epoch", func.clock_timestamp()), Float)
    return (func.julianday("now") - 2440587.5) * 86400.0
