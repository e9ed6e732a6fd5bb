"""The end of a Job's log while its run page is open, asked for with its requester's token, for them only.

However many windows look, a log is asked for once every few seconds, and never by the thread of a page: the
Hub may take its time.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.domain.errors import HubUnavailable
from bot.domain.models import Run
from worker.contract import REPORT_LINE

EVERY_SECONDS = 2.0
FORGET_SECONDS = 120.0
"""A log that nobody has looked at for so long is not kept."""
LINES = 200
LONGEST_LINE = 500
ASKED_AT_ONCE = 4


@dataclass
class _Tail:
    text: str = ""
    looked_at: float = 0.0
    asked_at: float = float("-inf")
    is_asked: bool = False
    """Whether an answer is under way."""


class JobLogs:
    """`ask` gives the last lines of a run's Job, or raises HubUnavailable."""

    def __init__(self, ask: Callable[[Run], Sequence[str]], clock: Callable[[], float]) -> None:
        self._lines_of = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._tails: dict[str, _Tail] = {}
        self._pool = ThreadPoolExecutor(max_workers=ASKED_AT_ONCE, thread_name_prefix="job-log")

    def known(self, run: Run) -> str:
        """Its last lines as they were a few seconds ago, empty at first; and the next answer is asked for."""
        now = self._clock()
        with self._lock:
            tail = self._tails.setdefault(run.id, _Tail())
            tail.looked_at = now
            if run.job_id and not tail.is_asked and now - tail.asked_at >= EVERY_SECONDS:
                tail.is_asked, tail.asked_at = True, now
                self._pool.submit(self._ask, run, tail)
            return tail.text

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, run: Run, tail: _Tail) -> None:
        text = tail.text
        try:
            text = _shown(self._lines_of(run)) or text
        except HubUnavailable:
            pass  # what is known stays while the Hub does not say it
        finally:
            with self._lock:
                tail.text, tail.is_asked, tail.asked_at = text, False, self._clock()
                self._forget(tail.asked_at - FORGET_SECONDS)

    def _forget(self, before: float) -> None:
        self._tails = {key: each for key, each in self._tails.items() if each.looked_at > before}


def _shown(lines: Sequence[str]) -> str:
    """Without the report, which is for us, and with lines that a page can hold."""
    return "\n".join(line[:LONGEST_LINE] for line in lines if not line.startswith(REPORT_LINE))
