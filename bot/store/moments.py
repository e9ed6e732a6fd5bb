"""When something last was so, by its name."""

from enum import StrEnum

from sqlalchemy import Engine, delete, select

from bot.store.database import insert_for
from bot.store.tables import moments


class Moment(StrEnum):
    ALIVE = "alive"
    """The bot worked, and had caught up."""
    COPIED = "copied"
    """This database is a copy, made then, and what came after it is not looked for yet."""
    LOST = "lost"
    """This database began empty then."""
    KEPT = "kept"
    """The last copy of it was put into the bucket."""
    CUT_SHORT = "cut short"
    """There were more threads to catch up on than were read."""


class Moments:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, name: Moment, at: float) -> None:
        with self._engine.begin() as connection:
            new = insert_for(connection)(moments).values(name=name, at=at)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"at": at}))

    def get(self, name: Moment) -> float | None:
        with self._engine.connect() as connection:
            return connection.execute(select(moments.c.at).where(moments.c.name == name)).scalar_one_or_none()

    def forget(self, name: Moment) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(moments).where(moments.c.name == name))
