"""Answers of Spaces, as people read them."""

import pytest
from pydantic import JsonValue

from bot.domain.answers import in_words


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            {
                "label": "positive",
                "confidences": [
                    {"label": "positive", "confidence": 0.96},
                    {"label": "negative", "confidence": 0.04},
                ],
            },
            "positive 96 %, negative 4 %",
        ),
        ({"label": "7", "confidences": None}, "{'label': '7', 'confidences': None}"),
        ({"label": "7", "confidences": [3, {"label": None}]}, "None"),
        ("as it is", "as it is"),
        (None, "None"),
        ([1, 2], "[1, 2]"),
    ],
)
def test_an_answer_is_said_in_words_whatever_it_is(output: JsonValue, words: str) -> None:
    assert in_words(output) == words
