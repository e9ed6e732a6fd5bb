"""Runs: one row each. `save` is for the one who looks after the run; `hear` is for the worker's reports.

The two own different columns, so a report never makes a tick's work stale, and neither undoes the other.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, update

from bot.domain.errors import StaleWrite
from bot.domain.models import FINAL_STATES, Run, RunState, ThreadRef
from bot.domain.options import MOST_A_DAY
from bot.store.asked_columns import columns_of, values_of
from bot.store.database import insert_for, one_at_a_time
from bot.store.tables import runs
from worker.contract import Kind, Report

OPEN = runs.c.state.not_in([state.value for state in FINAL_STATES])
HEARD = frozenset({"report", "heard_at", "cancelled_by", "superseded_by"})
"""Columns that others than the looker write."""


COUNTED_SECONDS = 5.0


@dataclass(frozen=True)
class Admission:
    """What came of asking for a run: it is there now (`refused_for` empty), or it would clash with these."""

    refused_for: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Due:
    """A run whose time has come; `asked` is how often a look had been asked for."""

    run: Run
    asked: int


class Runs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._counted_at, self._open = float("-inf"), 0

    def admit(self, run: Run, limit: int) -> Admission:
        """Create the row, once per id, unless its requester builds the same already or has `limit` open runs.

        Looking and creating are one transaction, so that two requests at once can't both pass.
        """
        with self._engine.begin() as connection:
            one_at_a_time(connection, run.requester.id)
            values = columns_of(run) | {"due_at": run.created_at, "asked": 0, "claimed_until": 0.0}
            new = insert_for(connection)(runs).values(values).on_conflict_do_nothing()
            if not connection.execute(new).rowcount:
                return Admission()
            clashes = _clashes(connection, run, limit)
            if clashes:
                connection.rollback()
            return Admission(clashes)

    def get(self, run_id: str) -> Run | None:
        return self._one(select(runs).where(runs.c.id == run_id))

    def save(self, run: Run) -> Run:
        """Write the row; StaleWrite if someone else changed it since it was read."""
        values = {name: value for name, value in columns_of(run).items() if name not in HEARD}
        if run.job_id is None:
            del values["job_id"]  # a report may have named it meanwhile
        change = (
            update(runs)
            .where(runs.c.id == run.id, runs.c.version == run.version)
            .values(**values | {"version": run.version + 1})
        )
        with self._engine.begin() as connection:
            if not connection.execute(change).rowcount:
                raise StaleWrite(run.id)
        return run.model_copy(update={"version": run.version + 1})

    def hear(self, run_id: str, now: float, report: Report | None, job_id: str | None = None) -> None:
        """The worker reported; the first final report stays, and the Job that we know."""
        mine = runs.c.id == run_id
        heard = {"heard_at": now, "job_id": func.coalesce(runs.c.job_id, job_id)}
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(mine).values(heard))
            if report:
                final = update(runs).where(mine, runs.c.report.is_(None))
                connection.execute(final.values(report=report.model_dump(mode="json")))

    def cancel(self, run_id: str, by: str) -> bool:
        """Somebody wants it stopped. False if it is over, or was asked for before."""
        stoppable = (runs.c.id == run_id) & runs.c.cancelled_by.is_(None) & OPEN
        with self._engine.begin() as connection:
            return bool(connection.execute(update(runs).where(stoppable).values(cancelled_by=by)).rowcount)

    def supersede(self, run_id: str, by: str) -> None:
        """Something newer replaces it; `by` says what, in words."""
        replaceable = (runs.c.id == run_id) & runs.c.superseded_by.is_(None) & OPEN
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(replaceable).values(superseded_by=by))

    def of_watch(self, watch_id: str, limit: int = MOST_A_DAY) -> list[Run]:
        """The newest runs that a watch started."""
        started = select(runs).where(runs.c.watch_id == watch_id)
        return self._many(started.order_by(runs.c.created_at.desc()).limit(limit))

    def waiting_of(self, requester_id: str) -> list[Run]:
        """The runs that wait for this person to sign in."""
        waiting = runs.c.state == RunState.WAITING_FOR_SIGN_IN
        return self._many(select(runs).where(runs.c.requester_id == requester_id, waiting))

    def latest_in(self, thread: ThreadRef) -> Run | None:
        here = select(runs).where(runs.c.thread == thread.key)
        return self._one(here.order_by(runs.c.created_at.desc()).limit(1))

    def latest_of(self, requester_id: str, thread: ThreadRef) -> Run | None:
        """The newest run of this person in this thread."""
        here = select(runs).where(runs.c.thread == thread.key, runs.c.requester_id == requester_id)
        return self._one(here.order_by(runs.c.created_at.desc()).limit(1))

    def latest_by(self, requester_id: str) -> Run | None:
        """The newest run of this person, wherever it was asked for."""
        return next(iter(self.newest_by(requester_id, 1)), None)

    def newest_by(self, requester_id: str, limit: int) -> list[Run]:
        """Likewise, several."""
        mine = select(runs).where(runs.c.requester_id == requester_id)
        return self._many(mine.order_by(runs.c.created_at.desc()).limit(limit))

    def succeeded_for(self, requester_id: str, model_id: str) -> Run | None:
        """The newest build of this model that this person has a Space of."""
        done = select(runs).where(
            runs.c.requester_id == requester_id,
            runs.c.model_id == model_id,
            runs.c.kind == Kind.BUILD,
            runs.c.state == RunState.SUCCEEDED,
        )
        return self._one(done.order_by(runs.c.created_at.desc()).limit(1))

    def spent_since(self, requester_id: str, since: float, now: float) -> float:
        """Dollars of this person's Jobs since then, as far as prices are known."""
        mine = select(runs).where(runs.c.requester_id == requester_id, runs.c.launched_at >= since)
        return sum(run.cost(now) or 0.0 for run in self._many(mine))

    def visible_to(self, user_id: str | None, limit: int = 100) -> list[Run]:
        """The newest runs a visitor may see: those of public models, and their own."""
        may_see = runs.c.is_private.is_(False) | (runs.c.requester_id == (user_id or ""))
        return self._many(select(runs).where(may_see).order_by(runs.c.created_at.desc()).limit(limit))

    def due(self, now: float, limit: int) -> list[Due]:
        """Runs whose time to be looked at has come and that nobody holds, the longest due first."""
        waiting = select(runs).where(runs.c.due_at <= now, runs.c.claimed_until < now)
        with self._engine.connect() as connection:
            found = connection.execute(waiting.order_by(runs.c.due_at).limit(limit))
            return [Due(Run.model_validate(values_of(row)), row.asked) for row in found]

    def about_open(self, now: float) -> int:
        """How many are not settled, as of a few seconds ago."""
        if not self._counted_at <= now < self._counted_at + COUNTED_SECONDS:
            unsettled = select(func.count()).select_from(runs).where(runs.c.due_at.is_not(None))
            with self._engine.connect() as connection:
                self._open = connection.execute(unsettled).scalar_one()
            self._counted_at = now
        return self._open

    def count_open(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(runs).where(OPEN)).scalar_one()

    def _one(self, query: Select[Any]) -> Run | None:
        found = self._many(query)
        return found[0] if found else None

    def _many(self, query: Select[Any]) -> list[Run]:
        with self._engine.connect() as connection:
            return [Run.model_validate(values_of(row)) for row in connection.execute(query)]


def _clashes(connection: Connection, run: Run, limit: int) -> tuple[Run, ...]:
    """Open runs of the requester that stand in the way: the same one, or as many as allowed."""
    others = select(runs).where(runs.c.requester_id == run.requester.id, runs.c.id != run.id, OPEN)
    found = [
        Run.model_validate(values_of(row)) for row in connection.execute(others.order_by(runs.c.created_at))
    ]
    same = tuple(other for other in found if other.is_same_as(run))
    return same or (tuple(found) if len(found) >= limit else ())
