"""Two answers are compared by what they hold."""

import wave
from pathlib import Path

import pytest
from PIL import Image

from worker.twin.sameness import ANSWERS, alike, changed, steady


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    folder = tmp_path / ANSWERS
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (0.5, 0.5000001, True),
        (0.5, 0.51, False),
        (float("nan"), float("nan"), True),
        ("a", "a", True),
        ("a", "b", False),
        (True, 1, True),
        ({"label": "x", "url": "1"}, {"label": "x", "url": "2"}, True),
        ({"label": "x"}, {"label": "y"}, False),
        ([1, 2], [1, 2, 3], False),
        (None, 0, False),
        ("/etc/hosts", "/etc/hostname", False),
    ],
)
def test_values(one: object, two: object, expected: bool) -> None:
    assert alike(one, two) is expected  # type: ignore[arg-type]  # JSON


def test_pictures_are_compared_by_their_pixels(answers: Path) -> None:
    Image.new("RGB", (8, 8), (10, 20, 30)).save(answers / "one.png")
    Image.new("RGB", (8, 8), (10, 20, 30)).save(answers / "two.png", compress_level=0)
    Image.new("RGB", (8, 8), (90, 20, 30)).save(answers / "three.png")
    one, two, three = (str(answers / f"{name}.png") for name in ("one", "two", "three"))

    assert alike(one, two)
    assert not alike(one, three)


def test_sounds_are_compared_by_their_samples(answers: Path) -> None:
    for name, sample in (("one", b"\x01\x00"), ("two", b"\x01\x00"), ("three", b"\x02\x00")):
        with wave.open(str(answers / f"{name}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(sample * 100)

    assert alike(str(answers / "one.wav"), str(answers / "two.wav"))
    assert not alike(str(answers / "one.wav"), str(answers / "three.wav"))


def test_a_file_that_cannot_be_read_is_another_one(answers: Path) -> None:
    (answers / "one.png").write_bytes(b"no picture")
    (answers / "two.png").write_bytes(b"no picture either")

    assert not alike(str(answers / "one.png"), str(answers / "two.png"))


def test_only_what_asking_again_has_not_changed_counts() -> None:
    first, again, other = ["cat", "took 0.1 s"], ["cat", "took 0.2 s"], ["dog", "took 0.1 s"]

    assert steady(first, again) == [0]
    assert changed(first, other, [0])
    assert not changed(first, ["cat", "took 0.3 s"], [0])
