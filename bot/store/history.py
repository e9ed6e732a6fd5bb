"""Runs as people look for them, page by page; and how the latest ones went, as numbers that name nobody."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, and_, or_, select

from bot.domain.models import FINAL_STATES, Run, RunState
from bot.store.asked_columns import values_of
from bot.store.tables import runs
from worker.contract import Kind

OPEN = "open"
"""In place of a state: every run that is not over."""
MOST_COUNTED = 5000


@dataclass(frozen=True)
class Search:
    """What is looked for. Times are seconds since the epoch."""

    visitor_id: str = ""
    only_own: bool = False
    state: str = ""
    """A RunState, or OPEN; any without one."""
    model: str = ""
    """A part of its name."""
    since: float | None = None
    until: float | None = None
    older_than: Run | None = None


@dataclass(frozen=True)
class Course:
    """How one run went. Times are seconds since the epoch."""

    kind: Kind
    state: RunState
    reason: str
    """The verdict, or the kind of failure."""
    created_at: float
    launched_at: float | None
    ended_at: float | None


class History:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, search: Search, limit: int) -> list[Run]:
        """The newest that fit, of public models and this visitor's own."""
        query = select(runs).where(*_conditions(search))
        newest = query.order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [Run.model_validate(values_of(row)) for row in connection.execute(newest)]

    def courses(self, since: float) -> list[Course]:
        """Of everybody's runs that were asked for since then; the newest, if they are very many."""
        verdict = runs.c.report["verdict"].as_string()
        category = runs.c.report[("failure", "category")].as_string()
        columns = (runs.c.kind, runs.c.state, runs.c.created_at, runs.c.launched_at, runs.c.ended_at)
        query = select(*columns, verdict.label("verdict"), category.label("category"))
        newest = (
            query.where(runs.c.created_at >= since).order_by(runs.c.created_at.desc()).limit(MOST_COUNTED)
        )
        with self._engine.connect() as connection:
            return [
                Course(
                    kind=Kind(row.kind),
                    state=RunState(row.state),
                    reason=row.category or row.verdict or "",
                    created_at=row.created_at,
                    launched_at=row.launched_at,
                    ended_at=row.ended_at,
                )
                for row in connection.execute(newest)
            ]


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    own = runs.c.requester_id == search.visitor_id
    found: list[ColumnElement[bool]] = [own if search.only_own else or_(runs.c.is_private.is_(False), own)]
    if search.state == OPEN:
        found.append(runs.c.state.not_in([state.value for state in FINAL_STATES]))
    elif search.state:
        found.append(runs.c.state == search.state)
    if search.model:
        found.append(
            or_(
                *(
                    each.icontains(search.model, autoescape=True)
                    for each in (runs.c.model_id, runs.c.target_space)
                )
            )
        )
    if search.since is not None:
        found.append(runs.c.created_at >= search.since)
    if search.until is not None:
        found.append(runs.c.created_at < search.until)
    if last := search.older_than:
        same_moment = and_(runs.c.created_at == last.created_at, runs.c.id < last.id)
        found.append(or_(runs.c.created_at < last.created_at, same_moment))
    return found
