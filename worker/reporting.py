"""Calls home: the run's events and its report go to the bot while the run goes on.

A bot that is slow, away or refuses us costs the run nothing but a short, bounded wait at its end: the record
and the Job's log say the same.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable

import httpx2

from worker.contract import ProgressEvent, Report, ReportCall

TIMEOUT = httpx2.Timeout(5, connect=3)
MOST_WAITING = 500
"""Events kept while the bot is away; the oldest go first."""
MOST_PER_CALL = 100
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
"""Seconds between tries."""
RETRIED = frozenset({408, 425, 429})


class Reporter:
    """Sends in the background what it is given. One thread, one connection, no exception."""

    def __init__(
        self, url: str, key: str, run_id: str, job_id: str | None, say: Callable[[str], None]
    ) -> None:
        self._url = url
        self._run_id = run_id
        self._job_id = job_id
        self._say = say
        self._headers = {"Authorization": f"Bearer {key}"}
        self._change = threading.Condition()
        self._waiting: deque[ProgressEvent] = deque(maxlen=MOST_WAITING)
        self._report: Report | None = None
        self._over = False
        threading.Thread(target=self._work, name="reporting", daemon=True).start()

    def send(self, event: ProgressEvent) -> None:
        with self._change:
            self._waiting.append(event)
            self._change.notify_all()

    def finish(self, report: Report, within: float) -> bool:
        """Send the report and what still waits; whether that went through in so many seconds."""
        deadline = time.monotonic() + within
        with self._change:
            self._report = report
            self._change.notify_all()
            self._change.wait_for(lambda: self._over, max(0.0, deadline - time.monotonic()))
            delivered = self._report is None
            self._over = True
            self._change.notify_all()
        return delivered

    def _work(self) -> None:
        wait = FIRST_WAIT
        with httpx2.Client(timeout=TIMEOUT, follow_redirects=False, headers=self._headers) as client:
            while (call := self._next_call()) is not None:
                match self._post(client, call):
                    case True:
                        self._delivered(call)
                        wait = FIRST_WAIT
                    case False:
                        self._pause(wait * random.uniform(0.7, 1.3))  # noqa: S311  # spreads retries, no secret
                        wait = min(wait * 2, LONGEST_WAIT)
                    case None:
                        self._give_up()

    def _next_call(self) -> ReportCall | None:
        """What to send now; waits for something to send. None at the end."""
        with self._change:
            self._change.wait_for(lambda: self._over or self._waiting or self._report)
            if self._over:
                return None
            events = tuple(self._waiting)[:MOST_PER_CALL]
            all_of_them = len(events) == len(self._waiting)
            report = self._report if all_of_them else None
        return ReportCall(run_id=self._run_id, job_id=self._job_id, events=events, report=report)

    def _post(self, client: httpx2.Client, call: ReportCall) -> bool | None:
        """Whether it arrived; None where asking again is useless."""
        body = call.model_dump_json()
        try:
            answer = client.post(self._url, content=body, headers={"Content-Type": "application/json"})
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            self._say(f"Calling home does not work: {type(error).__name__}.")
            return None
        except httpx2.HTTPError:
            return False
        if answer.is_success:
            return True
        if answer.status_code in RETRIED or answer.is_server_error:
            return False
        self._say(f"The bot refuses our reports ({answer.status_code}); the run goes on without them.")
        return None

    def _delivered(self, call: ReportCall) -> None:
        sent = {event.seq for event in call.events}
        with self._change:
            while self._waiting and self._waiting[0].seq in sent:
                self._waiting.popleft()
            if call.report is not None:
                self._report = None
                self._over = True
                self._change.notify_all()

    def _pause(self, seconds: float) -> None:
        """Wait before the next try; the end of the run is tried at once, and then at short intervals."""
        with self._change:
            ending = self._report is not None
            self._change.wait_for(
                lambda: self._over or (self._report is not None and not ending),
                min(seconds, FIRST_WAIT) if ending else seconds,
            )

    def _give_up(self) -> None:
        with self._change:
            self._over = True
            self._change.notify_all()
