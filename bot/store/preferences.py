"""What people set: an owner's silence in a repo, a person's limits, and the operator's switches."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, select, update

from bot.domain.models import Notify
from bot.store.database import insert_for
from bot.store.tables import quiet_repos, switches, user_settings

BUDGET, MONTHLY_BUDGET = 1.0, 20.0
"""Dollars a run, and dollars a month, for who has set nothing."""


@dataclass(frozen=True)
class UserSettings:
    """One person's own limits; amounts in dollars."""

    user_id: str
    notify: Notify = Notify.ALL
    budget: float = BUDGET
    monthly_budget: float = MONTHLY_BUDGET
    hardware: str | None = None


@dataclass(frozen=True)
class Switch:
    """Something the operator turned on, with the reason that people are told."""

    name: str
    reason: str
    by: str
    at: float


class Preferences:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def quiet(self, repo: str, by: str, now: float) -> None:
        """Say nothing in this repo from now on. `by` is a user's id."""
        with self._engine.begin() as connection:
            new = insert_for(connection)(quiet_repos).values(repo=repo, by=by, at=now)
            connection.execute(new.on_conflict_do_nothing())

    def unquiet(self, repo: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(quiet_repos).where(quiet_repos.c.repo == repo))

    def is_quiet(self, repo: str) -> bool:
        with self._engine.connect() as connection:
            found = connection.execute(select(quiet_repos.c.repo).where(quiet_repos.c.repo == repo))
            return found.first() is not None

    def of(self, user_id: str) -> UserSettings:
        with self._engine.connect() as connection:
            row = connection.execute(select(user_settings).where(user_settings.c.user_id == user_id)).first()
        if row is None:
            return UserSettings(user_id)
        return UserSettings(**{**row._mapping, "notify": Notify(row.notify)})

    def put(self, settings: UserSettings) -> None:
        values = {**vars(settings), "notify": settings.notify.value}
        with self._engine.begin() as connection:
            new = insert_for(connection)(user_settings).values(values)
            connection.execute(new.on_conflict_do_update(index_elements=["user_id"], set_=values))

    def forget(self, user_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(user_settings).where(user_settings.c.user_id == user_id))
            # The repo stays silent; who wanted it so is forgotten.
            connection.execute(update(quiet_repos).where(quiet_repos.c.by == user_id).values(by=""))

    def turn_on(self, switch: Switch) -> None:
        values = vars(switch)
        with self._engine.begin() as connection:
            new = insert_for(connection)(switches).values(values)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))

    def turn_off(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(switches).where(switches.c.name == name))

    def switch(self, name: str) -> Switch | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(switches).where(switches.c.name == name)).first()
        return Switch(**row._mapping) if row else None
