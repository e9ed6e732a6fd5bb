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
        return self.of_each([run_id])[run_id]

    def of_each(self, run_ids: Sequence[str]) -> dict[str, list[ProgressEvent]]:
        """Likewise of several runs, by their ids."""
        found: dict[str, list[ProgressEvent]] = {run_id: [] for run_id in run_ids}
        query = select(run_events).where(run_events.c.run_id.in_(run_ids)).order_by(run_events.c.seq)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        for run_id, seq, at, phase, kind, message in rows:
            when = datetime.fromtimestamp(at, UTC)
            event = ProgressEvent(seq=seq, at=when, phase=phase, kind=kind, message=message)
            found[run_id].append(event)
        return found
