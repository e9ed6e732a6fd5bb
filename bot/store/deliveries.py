"""Deliveries taken and what became of them: new, done, or parked with the reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, func, select, text, update

from bot.domain.events import Event, read_event
from bot.store.tables import deliveries

# Words of both dialects: to make and bind the same out of Core takes as long as the insert itself.
_PUT = text(
    "INSERT INTO deliveries (key, event, state, tries, due_at, taken_at) "
    "VALUES (:key, :event, :state, 0, :now, :now) ON CONFLICT DO NOTHING"
)


class DeliveryState(StrEnum):
    NEW = "new"
    DONE = "done"
    PARKED = "parked"


@dataclass(frozen=True)
class Delivery:
    """A delivery in hand; `tries` is how often handling it has failed."""

    key: str
    event: Event
    tries: int


class Deliveries:
    def __init__(self, engine: Engine, replica: str = "local") -> None:
        self._engine = engine
        self._replica = replica

    def put(self, events: Sequence[Event], now: float) -> None:
        """Keep each event once, all in one commit: after this nothing of them can be lost."""
        rows = [{"key": each.key, "event": json.dumps(each.model_dump(mode="json"))} for each in events]
        also = {"state": DeliveryState.NEW, "now": now}
        with self._engine.begin() as connection:
            connection.execute(_PUT, [row | also for row in rows])

    def is_known(self, key: str) -> bool:
        with self._engine.connect() as connection:
            found = connection.execute(select(deliveries.c.key).where(deliveries.c.key == key))
            return found.first() is not None

    def claim(self, key: str, now: float, seconds: float) -> Delivery | None:
        """Take a waiting delivery for some time; None if it is done, parked, not due, or somebody else's."""
        change = (
            update(deliveries)
            .where(
                deliveries.c.key == key, deliveries.c.state == DeliveryState.NEW, deliveries.c.due_at <= now
            )
            .values(due_at=now + seconds, claimed_by=self._replica)
            .returning(deliveries.c.event, deliveries.c.tries)
        )
        with self._engine.begin() as connection:
            row = connection.execute(change).first()
        return Delivery(key, read_event(row.event), row.tries) if row else None

    def due(self, now: float, limit: int = 200) -> list[str]:
        """Keys of deliveries that still wait for their effect, oldest first."""
        waiting = (
            select(deliveries.c.key)
            .where(deliveries.c.state == DeliveryState.NEW, deliveries.c.due_at <= now)
            .order_by(deliveries.c.due_at)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(waiting).scalars())

    def start_over(self, now: float) -> None:
        """At the start of the only process: nobody has a delivery in hand, whatever the rows say."""
        waiting = deliveries.c.state == DeliveryState.NEW
        with self._engine.begin() as connection:
            connection.execute(update(deliveries).where(waiting).values(due_at=now))

    def free_of(self, replica: str) -> None:
        """What a process that is gone had in hand is due for everybody."""
        held = (deliveries.c.state == DeliveryState.NEW) & (deliveries.c.claimed_by == replica)
        with self._engine.begin() as connection:
            connection.execute(update(deliveries).where(held).values(due_at=0.0, claimed_by=None))

    def done(self, key: str) -> None:
        self._set(key, state=DeliveryState.DONE)

    def later(self, key: str, due_at: float, problem: str) -> None:
        self._set(key, tries=deliveries.c.tries + 1, due_at=due_at, problem=problem)

    def park(self, key: str, problem: str) -> None:
        """Stop trying; a person has to look."""
        self._set(key, state=DeliveryState.PARKED, problem=problem)

    def event_of(self, key: str) -> Event | None:
        """What a delivery was, while it is kept."""
        query = select(deliveries.c.event).where(deliveries.c.key == key)
        with self._engine.connect() as connection:
            event = connection.execute(query).scalar_one_or_none()
        return read_event(event) if event else None

    def count(self, state: DeliveryState) -> int:
        of_state = select(func.count()).select_from(deliveries).where(deliveries.c.state == state)
        with self._engine.connect() as connection:
            return connection.execute(of_state).scalar_one()

    def _set(self, key: str, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(deliveries).where(deliveries.c.key == key).values(**values))
