"""When something last was so, by its name."""

from sqlalchemy import Engine, select

from bot.store.database import insert_for
from bot.store.tables import moments


class Moments:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, name: str, at: float) -> None:
        with self._engine.begin() as connection:
            new = insert_for(connection)(moments).values(name=name, at=at)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"at": at}))

    def get(self, name: str) -> float | None:
        with self._engine.connect() as connection:
            return connection.execute(select(moments.c.at).where(moments.c.name == name)).scalar_one_or_none()
