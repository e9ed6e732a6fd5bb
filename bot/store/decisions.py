"""What was decided about each request, and whether it was said.

`why` reads it, and it keeps anything from being said too often.
"""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, select

from bot.store.database import insert_for
from bot.store.tables import decisions


@dataclass(frozen=True)
class Decision:
    """`code` is the reason's: `OK` where it was done, `E_…` where refused, `I_…` where nothing was needed."""

    id: str
    at: float
    requester_id: str
    thread: str
    """A thread's key."""
    verb: str
    code: str
    sentence: str
    run_id: str | None = None
    said: bool = True


class Decisions:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, decision: Decision) -> bool:
        """Keep it; the first of an id stays. Whether this was the first."""
        with self._engine.begin() as connection:
            new = insert_for(connection)(decisions).values(vars(decision)).on_conflict_do_nothing()
            return bool(connection.execute(new).rowcount)

    def get(self, decision_id: str) -> Decision | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
        return Decision(**row._mapping) if row else None

    def was_said(self, requester_id: str, thread: str, code: str, sentence: str, since: float) -> bool:
        """Whether this person was told just this here before: another typo is another sentence."""
        query = select(decisions.c.id).where(
            decisions.c.requester_id == requester_id,
            decisions.c.thread == thread,
            decisions.c.code == code,
            decisions.c.sentence == sentence,
            decisions.c.said,
            decisions.c.at >= since,
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def answers_since(
        self, moment: float, thread: str, requester_id: str | None = None, verb: str | None = None
    ) -> int:
        """How often a word of ours came of what was asked in this thread, a run's message included."""
        query = select(func.count()).where(
            decisions.c.thread == thread,
            decisions.c.at >= moment,
            decisions.c.said | (decisions.c.run_id.is_not(None) & (decisions.c.code == "OK")),
        )
        if requester_id is not None:
            query = query.where(decisions.c.requester_id == requester_id)
        if verb is not None:
            query = query.where(decisions.c.verb == verb)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def latest(self, requester_id: str, thread: str, not_verb: str) -> Decision | None:
        """The last one about this person here, besides those about asking for it."""
        query = (
            select(decisions)
            .where(decisions.c.requester_id == requester_id, decisions.c.thread == thread)
            .where(decisions.c.verb != not_verb)
            .order_by(decisions.c.at.desc())
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        return Decision(**row._mapping) if row else None

    def threads_since(self, moment: float, limit: int) -> list[str]:
        """Keys of the threads in which something was asked since then, the latest first."""
        last = func.max(decisions.c.at)
        query = select(decisions.c.thread).where(decisions.c.at >= moment).group_by(decisions.c.thread)
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(last.desc()).limit(limit)).scalars())

    def skipped_since(self, run_id: str) -> list[Decision]:
        """What was decided, after this run, not to build; newest first."""
        query = select(decisions).where(decisions.c.run_id == run_id, decisions.c.verb == "watch")
        query = query.where(decisions.c.code != "OK").order_by(decisions.c.at.desc()).limit(10)
        with self._engine.connect() as connection:
            return [Decision(**row._mapping) for row in connection.execute(query)]

    def about(self, requester_id: str) -> list[Decision]:
        """All about one person, oldest first: part of what they may have exported."""
        query = select(decisions).where(decisions.c.requester_id == requester_id).order_by(decisions.c.at)
        with self._engine.connect() as connection:
            return [Decision(**row._mapping) for row in connection.execute(query)]

    def forget(self, requester_id: str) -> int:
        """Erase all about one person; how many there were."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(decisions).where(decisions.c.requester_id == requester_id))
            return int(gone.rowcount)
