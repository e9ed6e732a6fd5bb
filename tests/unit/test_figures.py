"""What the pages draw and count: the time line of a run, spreads of durations, and words for every ending."""

import pytest

from bot.domain import meanings
from bot.domain.figures import shares, spread
from bot.domain.models import RunState
from bot.domain.snapshot import snapshot_of
from bot.domain.timeline import STILL, bars
from tests.unit.test_messages import NOW, a_run, an_event
from worker.contract import App, EventKind, Mode, Phase, Verdict

START = NOW.timestamp()
EVENTS = [
    an_event(10, Phase.CARD, EventKind.STARTED),
    an_event(20, Phase.CARD, EventKind.DONE),
    an_event(20, Phase.PLAN, EventKind.STARTED),
]


def test_the_time_line_goes_from_the_launch_to_the_end_and_phases_stand_where_they_were() -> None:
    run = a_run(RunState.FAILED, launched_at=START, ended_at=START + 100)

    drawn = bars(snapshot_of(run, EVENTS), START + 5000)

    assert set(drawn) == {Phase.CARD, Phase.PLAN}
    assert (drawn[Phase.CARD].left, drawn[Phase.CARD].width) == (10.0, 10.0)
    assert (drawn[Phase.PLAN].left, drawn[Phase.PLAN].width) == (20.0, 80.0)


def test_a_run_under_way_is_drawn_anew_only_every_few_seconds() -> None:
    view = snapshot_of(a_run(RunState.RUNNING, launched_at=START), EVENTS)
    now = START + 100 - START % STILL

    assert bars(view, now) == bars(view, now + STILL * 0.9) != bars(view, now + STILL)


def test_a_run_of_which_nothing_is_known_has_no_time_line() -> None:
    assert bars(snapshot_of(a_run(RunState.QUEUED), []), START) == {}


def test_half_and_nine_tenths_of_durations() -> None:
    tens = spread([float(each) for each in range(101)])

    assert tens is not None and (tens.count, tens.half, tens.most) == (101, 50.0, 90.0)
    assert spread([]) is None
    assert (one := spread([7.0])) and (one.half, one.most) == (7.0, 7.0)


def test_shares_name_the_most_frequent_first() -> None:
    assert shares(["b", "a", "b", "b"]) == [("b", 3, 0.75), ("a", 1, 0.25)]
    assert shares([]) == []


@pytest.mark.parametrize(
    ("kind", "table"),
    [(Verdict, meanings.VERDICTS), (RunState, meanings.STATES), (Mode, meanings.MODES), (App, meanings.APPS)],
)
def test_every_word_that_a_page_shows_is_explained(kind: type, table: dict[object, str]) -> None:
    assert set(table) == set(kind)  # type: ignore[call-overload]  # an enum is iterable
