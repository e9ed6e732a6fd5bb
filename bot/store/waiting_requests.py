"""Requests that wait until their author has allowed what they take; a build waits as a run instead."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, select

from bot.store.database import insert_for
from bot.store.tables import waiting_requests

MOST_WAITING = 5
"""Of one person."""


@dataclass(frozen=True)
class WaitingRequest:
    """`part` tells the commands of one delivery apart; `scopes` are separated by spaces."""

    key: str
    user_id: str
    delivery_key: str
    part: str
    scopes: str
    created_at: float


class WaitingRequests:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wait(self, request: WaitingRequest) -> bool:
        """Keep it, once. False if too many of this person's wait already."""
        mine = waiting_requests.c.user_id == request.user_id
        with self._engine.begin() as connection:
            count = select(func.count()).select_from(waiting_requests).where(mine)
            if connection.execute(count).scalar_one() >= MOST_WAITING:
                return False
            new = insert_for(connection)(waiting_requests).values(vars(request))
            connection.execute(new.on_conflict_do_nothing())
        return True

    def of(self, user_id: str, not_before: float) -> list[WaitingRequest]:
        """Those that still wait, oldest first."""
        query = (
            select(waiting_requests)
            .where(waiting_requests.c.user_id == user_id, waiting_requests.c.created_at >= not_before)
            .order_by(waiting_requests.c.created_at)
        )
        with self._engine.connect() as connection:
            return [WaitingRequest(**row._mapping) for row in connection.execute(query)]

    def goes_on(self, key: str) -> None:
        """It waits no longer."""
        with self._engine.begin() as connection:
            connection.execute(delete(waiting_requests).where(waiting_requests.c.key == key))

    def forget(self, user_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(waiting_requests).where(waiting_requests.c.user_id == user_id))
