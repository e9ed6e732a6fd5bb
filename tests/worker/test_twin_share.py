"""How much of an answer is the model's: by what it moves when its numbers are changed."""

import pytest
from pydantic import JsonValue

from worker.twin.boot import Cost, Heard
from worker.twin.share import share_of
from worker.validate.client import Reply


def labels(positive: float) -> JsonValue:
    confidences: list[JsonValue] = [
        {"label": "positive", "confidence": positive},
        {"label": "negative", "confidence": 1 - positive},
    ]
    return {"label": "positive", "confidences": confidences}


def heard(*outputs: JsonValue) -> list[Heard]:
    replies = [Reply(output=output, seconds=0.1) for output in outputs]
    return [Heard(endpoint="/x", inputs={}, reply=reply, cost=Cost()) for reply in replies]


@pytest.mark.parametrize(
    ("asked", "disturbed", "enough"),
    [
        ((labels(0.9), labels(0.2)), (labels(0.4), labels(0.5)), True),
        ((labels(0.9), labels(0.2)), (labels(0.9), labels(0.5)), True),
        ((labels(0.9), labels(0.2)), (labels(0.9001), labels(0.2003)), False),
        ((labels(0.9), labels(0.9)), (labels(0.9001), labels(0.9)), True),
        (("a fox runs", "a city sleeps"), ("zz qq pp", "yy"), True),
        (([0.1, 0.9], [0.8, 0.1]), ([0.101, 0.9], [0.8, 0.1]), False),
    ],
    ids=["moves", "moves one", "a drop", "an answer that never changes", "words", "a drop in numbers"],
)
def test_a_model_that_hardly_moves_the_answer_does_not_make_it(
    asked: tuple[JsonValue, ...], disturbed: tuple[JsonValue, ...], enough: bool
) -> None:
    assert share_of(heard(*asked), heard(*disturbed), ()).enough is enough


def test_another_output_that_the_model_moves_does_not_count() -> None:
    asked = heard([labels(0.9), {"norm": 1.0}], [labels(0.2), {"norm": 2.0}])
    disturbed = heard([labels(0.9), {"norm": 7.0}], [labels(0.2), {"norm": 8.0}])

    assert not share_of(asked, disturbed, ("label", "json")).enough
