"""Calling home over real HTTP: in order, repeated while the bot is away, and never in the run's way."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.harness.waiting import wait_until
from tests.worker.far_end import FarEnd, far_end
from worker.contract import EventKind, Kind, Phase, ProgressEvent, Report, Verdict, Weights
from worker.reporting import MOST_WAITING, Reporter

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "the-report-key"


@pytest.fixture
def bot() -> Iterator[FarEnd]:
    with far_end() as end:
        yield end


def reporter(url: str, said: list[str] | None = None) -> Reporter:
    return Reporter(url, KEY, "run-1", "job-1", (said if said is not None else []).append)


def event(seq: int) -> ProgressEvent:
    return ProgressEvent(seq=seq, at=NOW, phase=Phase.CARD, kind=EventKind.NOTE, message=f"event {seq}")


def report() -> Report:
    return Report(
        run_id="run-1",
        kind=Kind.BUILD,
        model_id="a/b",
        revision="0" * 40,
        verdict=Verdict.FAILED,
        reason="A test.",
        weights=Weights(proven=False, reason="A test."),
        started_at=NOW,
        ended_at=NOW,
    )


def test_events_and_the_report_arrive_in_order_with_the_key(bot: FarEnd) -> None:
    home = reporter(bot.url)
    for seq in (1, 2, 3):
        home.send(event(seq))

    assert home.finish(report(), within=5)
    assert bot.events == [1, 2, 3]
    assert [each.run_id for each in bot.reports] == ["run-1"]
    assert bot.keys == {f"Bearer {KEY}"}
    assert {call.job_id for call in bot.calls} == {"job-1"}


def test_an_event_arrives_while_the_run_goes_on(bot: FarEnd) -> None:
    home = reporter(bot.url)
    home.send(event(1))

    wait_until(lambda: bot.events == [1], "the event", seconds=3)
    assert bot.reports == []
    home.finish(report(), within=5)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_a_bot_in_trouble_is_asked_again_until_it_has_everything_once(bot: FarEnd, status: int) -> None:
    bot.statuses = [status, status]
    home = reporter(bot.url)
    home.send(event(1))
    home.send(event(2))

    assert home.finish(report(), within=8)
    assert bot.events == [1, 2]
    assert len(bot.reports) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 302, 307])
def test_a_refusal_or_a_redirect_ends_the_calls_and_not_the_run(bot: FarEnd, status: int) -> None:
    bot.statuses = [status] * 10
    said: list[str] = []
    home = reporter(bot.url, said)
    home.send(event(1))
    wait_until(lambda: said, "the refusal", seconds=5)

    started = time.monotonic()
    assert not home.finish(report(), within=5)
    assert time.monotonic() - started < 1
    assert len(bot.statuses) == 9
    assert bot.calls == []
    assert KEY not in " ".join(said)


def test_a_bot_that_hangs_delays_the_end_by_no_more_than_agreed(bot: FarEnd) -> None:
    bot.open.clear()
    home = reporter(bot.url)
    started = time.monotonic()
    for seq in range(1, 50):
        home.send(event(seq))
    assert time.monotonic() - started < 0.5

    assert not home.finish(report(), within=1)
    assert time.monotonic() - started < 2.5


def test_a_bot_that_is_not_there_is_no_error(bot: FarEnd) -> None:
    home = reporter("http://127.0.0.1:9/reports")
    home.send(event(1))

    assert not home.finish(report(), within=1)


def test_an_address_that_is_none_is_said_once() -> None:
    said: list[str] = []
    home = reporter("nonsense", said)
    home.send(event(1))

    assert not home.finish(report(), within=3)
    assert len(said) == 1


def test_while_the_bot_is_away_only_the_newest_events_are_kept(bot: FarEnd) -> None:
    bot.statuses = [503]
    home = reporter(bot.url)
    home.send(event(1))
    wait_until(lambda: not bot.statuses, "the first try")
    for seq in range(2, MOST_WAITING + 50):
        home.send(event(seq))

    assert home.finish(report(), within=8)
    assert bot.events == list(range(50, MOST_WAITING + 50))
