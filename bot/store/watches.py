"""Watches: one row each. Whoever takes one that is due has it in hand for a while."""

from typing import Any

from sqlalchemy import Engine, Select, delete, select, update

from bot.domain.watching import Paused, Watch
from bot.store.asked_columns import columns_of, values_of
from bot.store.database import insert_for
from bot.store.tables import watches


class Watches:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, watch: Watch) -> None:
        """Keep it, in place of what was kept under its id."""
        values = columns_of(watch)
        with self._engine.begin() as connection:
            new = insert_for(connection)(watches).values(values)
            connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=values))

    def change(self, watch_id: str, **values: object) -> None:
        """Nothing happens to one that was ended meanwhile."""
        with self._engine.begin() as connection:
            connection.execute(update(watches).where(watches.c.id == watch_id).values(**values))

    def pause(self, watch_id: str, why: Paused) -> None:
        self.change(watch_id, paused=why.value)

    def ask(self, watch_id: str, due_at: float) -> None:
        """Have the model looked at then, or earlier if that was asked for."""
        later = (watches.c.id == watch_id) & (watches.c.due_at > due_at)
        with self._engine.begin() as connection:
            connection.execute(update(watches).where(later).values(due_at=due_at))

    def take(self, watch_id: str, now: float, seconds: float) -> Watch | None:
        """Have it in hand for some time; None if it is not due, or somebody else has it."""
        mine = (watches.c.id == watch_id) & (watches.c.due_at <= now) & watches.c.paused.is_(None)
        change = update(watches).where(mine).values(due_at=now + seconds).returning(*watches.c)
        with self._engine.begin() as connection:
            row = connection.execute(change).first()
        return Watch.model_validate(values_of(row)) if row else None

    def settle(self, watch: Watch, due_at: float) -> None:
        """Let go of it and say when to look next, unless a look was asked for meanwhile."""
        mine = (watches.c.id == watch.id) & (watches.c.due_at == watch.due_at)
        with self._engine.begin() as connection:
            connection.execute(update(watches).where(mine).values(due_at=due_at))

    def due(self, now: float, limit: int = 200) -> list[str]:
        waiting = select(watches.c.id).where(watches.c.due_at <= now, watches.c.paused.is_(None))
        with self._engine.connect() as connection:
            return list(connection.execute(waiting.order_by(watches.c.due_at).limit(limit)).scalars())

    def all_due(self, now: float) -> None:
        """At the start: what happened meanwhile was not told to us."""
        later = watches.c.due_at > now
        with self._engine.begin() as connection:
            connection.execute(update(watches).where(later).values(due_at=now))

    def get(self, watch_id: str) -> Watch | None:
        return next(iter(self._many(select(watches).where(watches.c.id == watch_id))), None)

    def of(self, requester_id: str) -> list[Watch]:
        mine = select(watches).where(watches.c.requester_id == requester_id)
        return self._many(mine.order_by(watches.c.since))

    def on(self, requester_id: str, model_id: str) -> Watch | None:
        """This person's watch of the model that they know by this name."""
        return next((each for each in self.of(requester_id) if each.model_id == model_id), None)

    def speaking_in(self, repo: str) -> list[Watch]:
        """Those of anybody that were asked for in a discussion of this repo."""
        here = watches.c.thread.startswith(f"hub:{repo}#", autoescape=True)
        return self._many(select(watches).where(here))

    def end(self, watch_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(watches).where(watches.c.id == watch_id))

    def _many(self, query: Select[Any]) -> list[Watch]:
        with self._engine.connect() as connection:
            return [Watch.model_validate(values_of(row)) for row in connection.execute(query)]
