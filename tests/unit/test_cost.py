"""What a run costs, and what is said of it."""

import pytest

from bot.domain.living_message import living
from bot.domain.models import RunState, Wishes
from bot.domain.snapshot import snapshot_of
from tests.unit.test_messages import LINKS, NOW, a_run

START = NOW.timestamp()


def test_a_run_without_a_job_or_a_price_costs_nothing_that_is_known() -> None:
    assert a_run(RunState.QUEUED).cost(START) is None
    assert a_run(RunState.RUNNING, launched_at=START).cost(START + 60) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": RunState.RUNNING, "heard_at": START + 120}, "cost so far $0.002 of at most $0.50"),
        ({"state": RunState.CANCELLED, "ended_at": START + 600}, "cost $0.010 of at most $0.50"),
        ({"state": RunState.RUNNING, "heard_at": START}, "cost so far $0 of at most $0.50"),
        ({"state": RunState.RUNNING, "heard_at": START + 6}, "cost so far under $0.001 of at most $0.50"),
        ({"state": RunState.RUNNING}, ""),
    ],
)
def test_the_living_message_says_what_was_spent_of_how_much(changed: dict[str, object], words: str) -> None:
    run = a_run(RunState.RUNNING, launched_at=START, usd_per_minute=0.001, wishes=Wishes(budget=0.5))
    run = run.model_copy(update=changed)

    said = living(snapshot_of(run, []), LINKS)

    assert words in said
    assert ("cost" in said) is bool(words)


def test_time_after_the_end_is_not_paid_for() -> None:
    run = a_run(RunState.FAILED, launched_at=START, ended_at=START + 60, usd_per_minute=0.001)

    assert run.cost(START + 6000) == pytest.approx(0.001)
