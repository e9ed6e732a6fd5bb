"""Whether two answers of an app are the same, by what they hold: numbers, words, the content of files."""

import math
import wave
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import JsonValue

ANSWERS = "answers"
"""The folder of the files that came with an answer."""
SAME = 1e-4
"""Numbers this close, relative to their size, are the same."""
SAME_PIXELS = 1.0
"""Mean difference of two pictures' pixels, of 255."""
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
OTHER_EACH_TIME = frozenset({"url", "orig_name", "meta"})


def parts(output: JsonValue) -> list[JsonValue]:
    """What an app with several outputs gave for each."""
    return output if isinstance(output, list) else [output]


def steady(first: JsonValue, again: JsonValue) -> list[int]:
    """The parts of an answer that asking again has not changed."""
    pairs = zip(parts(first), parts(again), strict=False)
    return [index for index, (one, two) in enumerate(pairs) if alike(one, two)]


def changed(first: JsonValue, other: JsonValue, among: list[int]) -> bool:
    """Whether one of these parts differs."""
    mine, theirs = parts(first), parts(other)
    return any(index >= len(theirs) or not alike(mine[index], theirs[index]) for index in among)


def alike(one: JsonValue, two: JsonValue) -> bool:
    match one, two:
        case (bool(), _) | (_, bool()) | (None, _) | (_, None):
            return one == two
        case (int() | float(), int() | float()):
            return _close(float(one), float(two))
        case str(), str():
            return one == two or _same_files(one, two)
        case list(), list():
            return len(one) == len(two) and all(map(alike, one, two))
        case dict(), dict():
            keys = (one.keys() | two.keys()) - OTHER_EACH_TIME
            return all(alike(one.get(key), two.get(key)) for key in keys)
        case _:
            return False


def _close(one: float, two: float) -> bool:
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    return one == two or abs(one - two) <= SAME * max(1.0, abs(one), abs(two))


def _same_files(one: str, two: str) -> bool:
    mine, theirs = Path(one), Path(two)
    if not all(each.parent.name == ANSWERS and each.is_file() for each in (mine, theirs)):
        return False  # any text may look like a path
    try:
        return mine.read_bytes() == theirs.read_bytes() or _same_media(mine, theirs)
    except (OSError, ValueError, EOFError, wave.Error, Image.DecompressionBombError):
        return False


def _same_media(mine: Path, theirs: Path) -> bool:
    if mine.suffix.lower() in PICTURES and theirs.suffix.lower() in PICTURES:
        return _same_pictures(mine, theirs)
    return mine.suffix == theirs.suffix == ".wav" and _same_sounds(mine, theirs)


def _same_pictures(one: Path, two: Path) -> bool:
    with Image.open(one) as mine, Image.open(two) as theirs:
        if mine.size != theirs.size:
            return False
        pair = [np.asarray(each.convert("RGBA"), np.float32) for each in (mine, theirs)]
    return float(np.abs(pair[0] - pair[1]).mean()) < SAME_PIXELS


def _same_sounds(one: Path, two: Path) -> bool:
    with wave.open(str(one)) as mine, wave.open(str(two)) as theirs:
        return bytes(mine.readframes(mine.getnframes())) == bytes(theirs.readframes(theirs.getnframes()))
