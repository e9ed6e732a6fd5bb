"""How often something may happen, over all processes: the windows of `limits`, kept in our own database.

`limits` has no storage for SQL, so that a second server would be needed; its interface for storages is small.
"""

from collections.abc import Callable

from limits import RateLimitItem
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Engine, delete, func, insert, select

from bot.store.database import one_at_a_time
from bot.store.tables import rate_hits


class Rates:
    """Moving windows: at no moment more than the limit within its time."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._limiter = MovingWindowRateLimiter(_Windows(engine, clock))

    def take(self, limit: RateLimitItem, *who: str) -> bool:
        """Use one of what is allowed; False if all is used up, and then nothing is counted."""
        return self._limiter.hit(limit, *who)


class _Windows(Storage, MovingWindowSupport):
    STORAGE_SCHEME = None

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        super().__init__()
        self._engine = engine
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = self._clock()
        new = [{"key": key, "at": now, "ends_at": now + expiry}] * amount
        with self._engine.begin() as connection:
            one_at_a_time(connection, key)
            connection.execute(delete(rate_hits).where(rate_hits.c.ends_at <= now))
            count = select(func.count()).select_from(rate_hits).where(rate_hits.c.key == key)
            if connection.execute(count).scalar_one() + amount > limit:
                return False
            connection.execute(insert(rate_hits), new)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = self._clock()
        here = (rate_hits.c.key == key) & (rate_hits.c.ends_at > now)
        with self._engine.connect() as connection:
            first, count = connection.execute(
                select(func.min(rate_hits.c.at), func.count()).where(here)
            ).one()
        return first or now, count

    def clear(self, key: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(rate_hits).where(rate_hits.c.key == key))

    def reset(self) -> int:
        with self._engine.begin() as connection:
            return int(connection.execute(delete(rate_hits)).rowcount)

    def get(self, key: str) -> int:
        return self.get_moving_window(key, 0, 0)[1]

    def get_expiry(self, key: str) -> float:
        newest = select(func.max(rate_hits.c.ends_at)).where(rate_hits.c.key == key)
        with self._engine.connect() as connection:
            return connection.execute(newest).scalar_one() or self._clock()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("moving windows only")

    def check(self) -> bool:
        with self._engine.connect() as connection:
            return bool(connection.execute(select(1)).scalar_one())
