"""The list of runs: what fits, what a visitor may see, page by page; and what is counted of all of them."""

from pathlib import Path

import pytest

from bot.domain.models import Requester, Run, RunState
from bot.store.database import open_database
from bot.store.history import OPEN, History, Search
from bot.store.runs import Runs
from tests.unit.test_messages import NOW, a_report, a_run
from worker.contract import Verdict

ADA, BOB = Requester(id="a" * 24, name="ada"), Requester(id="b" * 24, name="bob")
START = NOW.timestamp()


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Six runs, a minute apart; the third is bob's and private, and the last two are of one moment."""
    engine = open_database(f"sqlite:///{tmp_path}/bot.sqlite", "main")
    states = [
        RunState.SUCCEEDED,
        RunState.FAILED,
        RunState.RUNNING,
        RunState.RUNNING,
        *[RunState.CANCELLED] * 2,
    ]
    for number, state in enumerate(states):
        run = a_run(
            state,
            id=f"r_{number:016x}",
            requester=BOB if number == 2 else ADA,
            is_private=number == 2,
            model_id=f"zoo/Model_{number}",
            created_at=START + 60 * min(number, 4),
        )
        Runs(engine).admit(run, limit=100)
    Runs(engine).hear("r_0000000000000001", START, a_report(Verdict.FAILED))
    return History(engine)


def numbers(runs: list[Run]) -> list[int]:
    return [int(run.id[2:], 16) for run in runs]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), [5, 4, 3, 1, 0]),
        (Search(visitor_id=BOB.id), [5, 4, 3, 2, 1, 0]),
        (Search(visitor_id=BOB.id, only_own=True), [2]),
        (Search(state=OPEN), [3]),
        (Search(state="failed"), [1]),
        (Search(model="model_1"), [1]),
        (Search(model="%"), []),
        (Search(since=START + 60, until=START + 240), [3, 1]),
    ],
)
def test_what_fits_is_found_newest_first(history: History, search: Search, found: list[int]) -> None:
    assert numbers(history.find(search, 100)) == found


def test_pages_follow_each_other_also_within_one_moment(history: History) -> None:
    seen: list[int] = []
    last = None
    while page := history.find(Search(older_than=last), 1):
        last = page[0]
        seen += numbers(page)

    assert seen == [5, 4, 3, 1, 0]


def test_of_everybody_only_numbers_and_our_own_words_are_counted(history: History) -> None:
    courses = history.courses(START + 60)

    assert len(courses) == 5
    assert {each.reason for each in courses} == {"", "x"}
    assert {type(value) for each in courses for value in vars(each).values()} <= {
        type(courses[0].kind), RunState, str, float, type(None)
    }  # fmt: skip
