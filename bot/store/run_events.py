"""What workers reported, each event once, however often it was sent."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from bot.store.database import insert_for
from bot.store.tables import run_events
from worker.contract import ProgressEvent


class RunEvents:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, run_id: str, events: Sequence[ProgressEvent]) -> None:
        if not events:
            return
        rows = [
            {**event.model_dump(mode="json"), "run_id": run_id, "at": event.at.timestamp()}
            for event in events
        ]
        with self._engine.begin() as connection:
            insert = insert_for(connection)
            connection.execute(insert(run_events).on_conflict_do_nothing(), rows)

    def of(self, run_id: str) -> list[ProgressEvent]:
        query = select(run_events).where(run_events.c.run_id == run_id).order_by(run_events.c.seq)
        with self._engine.connect() as connection:
            return [
                ProgressEvent(
                    seq=row.seq,
                    at=datetime.fromtimestamp(row.at, UTC),
                    phase=row.phase,
                    kind=row.kind,
                    message=row.message,
                )
                for row in connection.execute(query)
            ]
