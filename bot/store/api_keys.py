"""Keys with which people's scripts use the API. Only their hashes are known here."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, insert, select, update

from bot.store.database import one_at_a_time
from bot.store.tables import api_keys

MOST_KEYS = 10
"""Of one person."""
USE_SECONDS = 60.0
"""Its last use is kept this exactly: asking often is not writing often."""


@dataclass(frozen=True)
class ApiKeyRow:
    """`label` is what its owner calls it; `used_at` is when it was made, until it is used."""

    id: str
    key_hash: str
    user_id: str
    user_name: str
    label: str
    created_at: float
    used_at: float


class ApiKeys:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, row: ApiKeyRow) -> bool:
        """Keep a new one. False if this person has too many."""
        mine = api_keys.c.user_id == row.user_id
        with self._engine.begin() as connection:
            one_at_a_time(connection, f"api keys {row.user_id}")
            count = select(func.count()).select_from(api_keys).where(mine)
            if connection.execute(count).scalar_one() >= MOST_KEYS:
                return False
            connection.execute(insert(api_keys).values(vars(row)))
        return True

    def of(self, user_id: str) -> list[ApiKeyRow]:
        """Those of one person, oldest first."""
        mine = select(api_keys).where(api_keys.c.user_id == user_id).order_by(api_keys.c.created_at)
        with self._engine.connect() as connection:
            return [ApiKeyRow(**row._mapping) for row in connection.execute(mine)]

    def use(self, key_hash: str, now: float) -> ApiKeyRow | None:
        """The key of this hash, and that it is used; None if there is none, or none any more."""
        with self._engine.connect() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.key_hash == key_hash)).first()
        if row and row.used_at < now - USE_SECONDS:
            with self._engine.begin() as connection:
                connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(used_at=now))
        return ApiKeyRow(**row._mapping) if row else None

    def revoke(self, key_id: str, user_id: str) -> bool:
        """End a key of this person's. False if there is none."""
        mine = (api_keys.c.id == key_id) & (api_keys.c.user_id == user_id)
        with self._engine.begin() as connection:
            return bool(connection.execute(delete(api_keys).where(mine)).rowcount)

    def forget(self, user_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(api_keys).where(api_keys.c.user_id == user_id))
