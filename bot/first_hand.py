"""What this process has seen with its own eyes on the Hub, and need not look for again before it acts.

Each such thing is relied on once: who relies on it is about to change it, and after an attempt that failed
nobody knows. None of it outlives the process, and of a run that another process had in hand all is forgotten.
"""

import threading
from collections.abc import Iterable
from enum import StrEnum

OVERLAP = 180.0
"""Seconds. A bot that this one replaces may take deliveries until it sees that; by then it has
(STATE_SECONDS)."""
MOST = 50_000
"""Things that are kept; what is not is looked for."""


class Seen(StrEnum):
    """Of a run, by its id; the bucket is of a person, by their name."""

    NOTHING_SAID = "nothing about it where it was asked for"
    NO_MESSAGE = "no living message"
    NO_JOB = "no Job"
    NO_ANSWER = "no final answer"
    BUCKET = "the bucket for records"


ABSENT = (Seen.NO_MESSAGE, Seen.NO_JOB, Seen.NO_ANSWER)


class FirstHand:
    """`me` is this process's name among several. Nobody who has another database can have begun what is asked
    for after `since`, Unix time."""

    def __init__(self, me: str, since: float) -> None:
        self._me = me
        self._since = since
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, Seen], None] = {}
        """The oldest first."""

    def heard(self, run_id: str, asked_at: float, said: Iterable[str | None]) -> None:
        """A run was asked for at that time, and this is all we said in that thread; None can't be read."""
        is_news = asked_at >= self._since and not any(text is None or run_id in text for text in said)
        with self._lock:
            self._forget(run_id, Seen.NOTHING_SAID)
            if is_news:
                self._keep(run_id, Seen.NOTHING_SAID)

    def holds(self, run_id: str, before: str | None) -> None:
        """This process has the run in hand. `before` is who had it last: None if nobody ever had, so that
        nothing was done for it yet."""
        with self._lock:
            is_news = before is None and (run_id, Seen.NOTHING_SAID) in self._seen
            self._forget(run_id, Seen.NOTHING_SAID)
            if before != self._me:
                self._forget(run_id, *ABSENT)
            if is_news:
                self._keep(run_id, *ABSENT)

    def sees(self, of: str, what: Seen) -> None:
        with self._lock:
            self._keep(of, what)

    def relies_on(self, of: str, what: Seen) -> bool:
        """Whether it was seen; from now on it is not known any more."""
        with self._lock:
            known = (of, what) in self._seen
            self._forget(of, what)
        return known

    def _keep(self, of: str, *those: Seen) -> None:
        self._forget(of, *those)
        self._seen.update(dict.fromkeys((of, what) for what in those))
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]

    def _forget(self, of: str, *those: Seen) -> None:
        for what in those:
            self._seen.pop((of, what), None)
