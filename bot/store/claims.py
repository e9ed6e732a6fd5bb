"""Who may look at a run now, and when to look next: one looker at a time, and no request to look is lost.

A looker claims the run until a time. Whoever asks meanwhile counts up `asked`; the looker compares that
count when it lets go, and looks again if it moved.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, update

from bot.store.tables import runs


@dataclass(frozen=True)
class Claim:
    """The right to look at one run; `asked` is how often a look had been asked for when it was given."""

    run_id: str
    holder: str
    asked: int
    before: str | None
    """The process that had it last; None if none ever had."""


@dataclass(frozen=True)
class PutOff:
    """When to look next at a run that was read like this; None: never."""

    run_id: str
    version: int
    asked: int
    due_at: float | None


class Claims:
    def __init__(self, engine: Engine, replica: str = "local") -> None:
        self._engine = engine
        self._replica = replica

    def ask(self, run_id: str, now: float) -> None:
        """Somebody has to look at this run, from `now` on."""
        change = update(runs).where(runs.c.id == run_id).values(asked=runs.c.asked + 1, due_at=now)
        with self._engine.begin() as connection:
            connection.execute(change)

    def claim(self, run_id: str, now: float, seconds: float) -> Claim | None:
        """Take the run for some time; None if another looker has it, or there is no such run."""
        holder = f"{self._replica}:{secrets.token_hex(8)}"
        change = (
            update(runs)
            .where(runs.c.id == run_id, runs.c.claimed_until < now)
            .values(claimed_before=runs.c.claimed_by, claimed_by=holder, claimed_until=now + seconds)
            .returning(runs.c.asked, runs.c.claimed_before)
        )
        with self._engine.begin() as connection:
            row = connection.execute(change).one_or_none()
        if row is None:
            return None
        before = row.claimed_before and row.claimed_before.partition(":")[0]
        return Claim(run_id, holder, row.asked, before)

    def renew(self, claim: Claim, now: float, seconds: float) -> bool:
        """Keep it for some more time; False if another looker has taken it."""
        mine = (runs.c.id == claim.run_id) & (runs.c.claimed_by == claim.holder)
        with self._engine.begin() as connection:
            kept = connection.execute(update(runs).where(mine).values(claimed_until=now + seconds))
            return bool(kept.rowcount)

    def release(self, claim: Claim, due_at: float | None) -> bool:
        """Let go and say when to look next (None: never). False: asked for meanwhile, so look again now."""
        mine = (runs.c.id == claim.run_id) & (runs.c.claimed_by == claim.holder)
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(mine).values(claimed_until=0.0))
            unasked = update(runs).where(mine, runs.c.asked == claim.asked).values(due_at=due_at)
            return bool(connection.execute(unasked).rowcount)

    def start_over(self, now: float) -> None:
        """At the start of the only process: nobody is looking, whatever the rows say, and all is due."""
        is_open = runs.c.due_at.is_not(None)
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(is_open).values(claimed_until=0.0, due_at=now))

    def free_of(self, replica: str) -> None:
        """Nobody looks at what a process that is gone was looking at."""
        held = (runs.c.claimed_until > 0) & runs.c.claimed_by.startswith(f"{replica}:", autoescape=True)
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(held).values(claimed_until=0.0))

    def put_off(self, these: Sequence[PutOff], now: float) -> None:
        """Say when to look next, for each that nobody holds, changed or asked for since it was read."""
        same = (runs.c.id == bindparam("is")) & (runs.c.version == bindparam("was"))
        unasked = (runs.c.asked == bindparam("counted")) & (runs.c.claimed_until < now)
        change = update(runs).where(same, unasked).values(due_at=bindparam("at"))
        if these:
            with self._engine.begin() as connection:
                connection.execute(
                    change,
                    [
                        {"is": each.run_id, "was": each.version, "counted": each.asked, "at": each.due_at}
                        for each in these
                    ],
                )
