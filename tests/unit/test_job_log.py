"""The end of a Job's log for its run page: asked for now and then, and never twice at once."""

import threading
from collections.abc import Iterator

import pytest

from bot.domain.errors import HubUnavailable
from bot.domain.models import Run, RunState
from bot.web.job_log import EVERY_SECONDS, LONGEST_LINE, JobLogs
from tests.harness.waiting import wait_until
from tests.unit.test_messages import a_run
from worker.contract import REPORT_LINE

RUN = a_run(RunState.RUNNING, job_id="job-1")


class FarEnd:
    """A Hub that answers when it is let."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.asked = 0
        self.lines = ["one", f"{REPORT_LINE}{{}}", "x" * 9000]
        self.is_away = False
        self.now = 1000.0

    def __call__(self, _run: Run) -> list[str]:
        self.asked += 1
        assert self.may_answer.wait(60)
        if self.is_away:
            raise HubUnavailable("away")
        return self.lines


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def logs(far_end: FarEnd) -> Iterator[JobLogs]:
    logs = JobLogs(far_end, lambda: far_end.now)
    yield logs
    far_end.may_answer.set()
    logs.stop()


def known_at_last(logs: JobLogs) -> str:
    return wait_until(lambda: logs.known(RUN), "the log")


def test_however_many_look_a_log_is_asked_for_once_in_a_while(far_end: FarEnd, logs: JobLogs) -> None:
    for _ in range(5):
        assert logs.known(RUN) == "", "nobody waits for the Hub"
        far_end.now += EVERY_SECONDS
    far_end.may_answer.set()

    assert known_at_last(logs) == f"one\n{'x' * LONGEST_LINE}", "without the report, which is for the bot"
    logs.known(RUN)
    assert far_end.asked == 1
    far_end.now += EVERY_SECONDS
    far_end.lines = ["two"]
    wait_until(lambda: logs.known(RUN) == "two", "the next lines")
    assert far_end.asked == 2


def test_while_the_hub_is_away_what_was_known_stays_and_it_is_asked_again(
    far_end: FarEnd, logs: JobLogs
) -> None:
    far_end.may_answer.set()
    before = known_at_last(logs)
    far_end.is_away = True

    def is_asked_twice_more() -> bool:
        far_end.now += EVERY_SECONDS
        logs.known(RUN)
        return far_end.asked >= 3

    wait_until(is_asked_twice_more, "two questions")

    assert logs.known(RUN) == before


def test_a_run_without_a_job_is_not_asked_about(far_end: FarEnd, logs: JobLogs) -> None:
    assert logs.known(a_run(RunState.QUEUED, job_id=None)) == ""
    assert far_end.asked == 0
