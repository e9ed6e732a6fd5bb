"""What was sent and answered is shown as what it is, and how to call it can be run as it stands."""

import ast
import json
import shlex

import pytest
from pydantic import JsonValue

from bot.domain.pieces import Piece, PieceKind, pieces
from bot.domain.snippets import in_python, in_shell
from bot.web.artifacts import kind_of
from worker.contract import Probe

HOSTILE = "'; rm -rf / #\n\"$(id)` \\ <b>"
LABELS: JsonValue = {
    "label": "cat",
    "confidences": [{"label": "cat", "confidence": 0.9}, {"label": "dog"}, 7],
}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a cat", [Piece(PieceKind.TEXT, "a cat")]),
        ("artifacts/2.png", [Piece(PieceKind.IMAGE, "2.png")]),
        (
            ["artifacts/a.wav", "artifacts/b.mp4"],
            [Piece(PieceKind.AUDIO, "a.wav"), Piece(PieceKind.VIDEO, "b.mp4")],
        ),
        ("artifacts/x.svg", [Piece(PieceKind.FILE, "x.svg")]),
        ("artifacts/../../report.json", [Piece(PieceKind.TEXT, "artifacts/../../report.json")]),
        (LABELS, [Piece(PieceKind.LABELS, "cat", (("cat", 0.9), ("dog", 0.0), ("7", 0.0)))]),
        ([1, None], [Piece(PieceKind.DATA, "[1, null]")]),
        (
            {"image": "artifacts/a.png", "caption": "ä"},
            [
                Piece(PieceKind.IMAGE, "a.png"),
                Piece(PieceKind.DATA, '{"image": "artifacts/a.png", "caption": "ä"}'),
            ],
        ),
    ],
)
def test_a_value_is_words_labels_data_or_files(value: JsonValue, shown: list[Piece]) -> None:
    assert pieces(value) == shown


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream"),
        (b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        (b"%PDF-1.7", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_file_is_of_the_kind_that_its_bytes_say_and_nothing_that_could_run_is_opened(
    content: bytes, kind: str
) -> None:
    assert kind_of(content) == kind


def test_the_python_is_python_whatever_the_inputs_are() -> None:
    inputs: dict[str, JsonValue] = {"text": HOSTILE, "not a name": [1, None], "class": True}
    code = in_python("ada/x", Probe(endpoint="/predict", inputs=inputs, seconds=1))

    call = next(each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Call) and each.keywords
                and any(word.arg == "api_name" for word in each.keywords))  # fmt: skip
    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    assert given == {"text": HOSTILE, None: {"not a name": [1, None], "class": True}, "api_name": "/predict"}


def test_the_shell_gets_the_inputs_as_one_word_and_none_where_a_file_is_sent() -> None:
    code = in_shell("ada/x", Probe(endpoint="/predict", inputs={"text": HOSTILE}, seconds=1), "https://hub")

    assert code is not None
    data = next(word for word in shlex.split(code) if word.startswith("DATA="))
    assert json.loads(data.removeprefix("DATA=")) == {"data": [HOSTILE]}
    sent = Probe(endpoint="/predict", inputs={"image": "artifacts/2.png"}, seconds=1)
    assert in_shell("ada/x", sent, "https://hub") is None
    assert "handle_file('2.png')" in in_python("ada/x", sent)
