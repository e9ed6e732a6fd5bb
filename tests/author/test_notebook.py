"""What a worker that was stopped has left of the writing, and where the next one goes on."""

from pathlib import Path

import pytest

from tests.author.scenes import BUDGET
from worker.author.decisions import Stage, State
from worker.author.ledger import Totals
from worker.author.notebook import Spent, notebook_of
from worker.author.workspace import Workspace
from worker.journal import Journal
from worker.redact import Redactor


def test_a_stopped_worker_leaves_what_the_next_one_goes_on_with(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "run-1", None, Redactor())
    new = State()
    first = notebook_of(journal, new, BUDGET)
    first.state = State(stage=Stage.PUBLISH, turns=2, requests=7, tokens=900, usd=0.25, seconds=40)
    first.keep_files(Workspace({"app.py": b"the app", "own/part.py": b"the part", "a.png": b"\x89PNG\xff"}))
    first.keep_state(Spent(7, 900, 0.25, 40))

    next_one = notebook_of(journal, new, BUDGET)

    assert next_one.state == first.state.model_copy(update={"stage": Stage.CHECK})
    assert next_one.files == {"app.py": b"the app", "own/part.py": b"the part", "a.png": b"\x89PNG\xff"}
    assert next_one.before == Totals(7, 900, 0.25)
    assert notebook_of(Journal(tmp_path / "other", "run-2", None, Redactor()), new, BUDGET).state == new


@pytest.mark.parametrize(
    ("stage", "spent", "goes_on", "turns"),
    [
        (Stage.WRITE, Spent(9, 1100, 0.5, 60), Stage.WRITE, 2),
        (Stage.WRITE, Spent(7, 900, 0.25, 40), Stage.WRITE, 1),
        (Stage.WRITE, Spent(9, 1100, 5.0, 60), Stage.OUT_OF_BUDGET, 2),
        (Stage.ACCEPTED, Spent(7, 900, 0.25, 40), Stage.CHECK, 1),
        (Stage.BLOCKED, Spent(7, 900, 0.25, 40), Stage.BLOCKED, 1),
        (Stage.GAVE_UP, Spent(7, 900, 0.25, 40), Stage.GAVE_UP, 1),
    ],
)
def test_what_a_stopped_turn_took_is_counted_and_an_end_stays_an_end(
    tmp_path: Path, stage: Stage, spent: Spent, goes_on: Stage, turns: int
) -> None:
    journal = Journal(tmp_path, "run-1", None, Redactor())
    first = notebook_of(journal, State(), BUDGET)
    first.state = State(stage=stage, turns=1, requests=7, tokens=900, usd=0.25, seconds=40)
    first.keep_state(spent)

    found = notebook_of(journal, State(), BUDGET)

    assert (found.state.stage, found.state.turns) == (goes_on, turns)
    assert found.before == Totals(spent.requests, spent.tokens, spent.usd)
    assert found.state.seconds == spent.seconds
