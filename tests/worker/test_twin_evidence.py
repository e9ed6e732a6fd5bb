"""What a rehearsal proves: a table."""

import pytest

from worker.twin.evidence import evidence_of, weights_proof
from worker.twin.rehearsal import Rehearsal

GENUINE = Rehearsal(
    twin="the model itself",
    exact=True,
    booted=True,
    answers=True,
    repeatable=True,
    swap_changes=True,
    closed_without_weights=True,
    forward_calls=8,
    share_touched=0.9,
    disturbance_changes=True,
    work_grows=True,
)


def test_everything_seen_is_proven() -> None:
    assert weights_proof(GENUINE).proven
    assert all(each.passed for each in evidence_of(GENUINE))


@pytest.mark.parametrize(
    ("seen", "check", "passed"),
    [
        ({"booted": False}, "twin_boots", False),
        ({"booted": False, "exact": False}, "twin_boots", None),
        ({"answers": False}, "twin_answers", False),
        ({"answers": False, "exact": False}, "twin_answers", None),
        ({"swap_changes": False}, "weights_swap", False),
        ({"swap_changes": None}, "weights_swap", None),
        ({"closed_without_weights": False}, "no_weights", False),
        ({"forward_calls": 0}, "forward_calls", False),
        ({"forward_calls": None}, "forward_calls", None),
        ({"share_touched": 0.001}, "forward_calls", False),
        ({"disturbance_changes": False}, "answers_from_model", False),
        ({"disturbance_changes": None}, "answers_from_model", None),
        ({"work_grows": False}, "work_grows", False),
    ],
)
def test_whatever_is_not_seen_is_not_proven(seen: dict[str, object], check: str, passed: bool | None) -> None:
    rehearsal = GENUINE.model_copy(update=seen)

    assert {each.name: each.passed for each in evidence_of(rehearsal)}[check] is passed
    assert not weights_proof(rehearsal).proven


def test_an_app_without_an_option_for_more_work_can_be_proven() -> None:
    assert weights_proof(GENUINE.model_copy(update={"work_grows": None})).proven


def test_a_share_that_cannot_be_told_does_not_matter() -> None:
    assert weights_proof(GENUINE.model_copy(update={"share_touched": None})).proven


def test_where_no_twin_can_be_made_the_reason_is_the_models() -> None:
    reason = "No twin of alice/model can be made: its component X is not known."
    rehearsal = Rehearsal(why_not=reason)

    [evidence] = evidence_of(rehearsal)

    assert (evidence.passed, evidence.detail) == (None, reason)
    assert weights_proof(rehearsal).reason == reason
