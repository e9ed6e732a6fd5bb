"""How far two answers lie apart, from 0 (the same) to 1, for each type of answer. Pure."""

import re
from difflib import SequenceMatcher

from pydantic import JsonValue

from worker.contract import AnswerType
from worker.validate.answers import Content, numbers_in, strings_in
from worker.validate.media import Media

SAME: dict[AnswerType, float] = {
    AnswerType.LABELS: 1e-3,
    AnswerType.DATA: 1e-3,
    AnswerType.TEXT: 0.0,
    AnswerType.ANNOTATED: 1e-2,
}
"""Answers this close are the same: sums come in another order from call to call on a GPU."""
SAME_MEDIA = 0.01
SMALLEST = 1e-6
"""Of files whose content differs."""
LONGEST = 2000
"""Characters of a text that are compared."""


def same(kind: AnswerType) -> float:
    return SAME.get(kind, SAME_MEDIA)


def kinds_in(content: Content, expected: AnswerType) -> AnswerType:
    """What answers are compared by: the expected type, or for any, what is there."""
    if expected is not AnswerType.ANY:
        return expected
    order = (
        AnswerType.LABELS,
        AnswerType.ANNOTATED,
        AnswerType.VIDEO,
        AnswerType.IMAGE,
        AnswerType.AUDIO,
        AnswerType.TEXT,
    )
    return next((kind for kind in order if content.has(kind)), AnswerType.DATA)


def distance(kind: AnswerType, one: Content, two: Content) -> float:
    """Only what is of this kind counts."""
    match kind:
        case AnswerType.LABELS:
            pairs = zip(one.labels, two.labels, strict=False)
            return max((mine.distance(other) for mine, other in pairs), default=0.0)
        case AnswerType.TEXT:
            return _of_texts("\n".join(one.texts), "\n".join(two.texts))
        case AnswerType.DATA:
            return _of_data(list(one.data), list(two.data))
        case AnswerType.ANNOTATED:
            return _of_data([list(one.regions), list(one.data)], [list(two.regions), list(two.data)])
        case _:
            return _of_files(one.of(kind), two.of(kind))


def _of_texts(one: str, two: str) -> float:
    if one == two:
        return 0.0
    return max(0.001, 1 - SequenceMatcher(None, one[:LONGEST], two[:LONGEST], autojunk=False).ratio())


def _of_data(one: JsonValue, two: JsonValue) -> float:
    """Of numbers, relative to the largest; other words or another number of them is altogether different."""
    mine, theirs = numbers_in(one), numbers_in(two)
    if len(mine) != len(theirs) or strings_in(one) != strings_in(two):
        return 1.0
    most = max((abs(value) for value in (*mine, *theirs)), default=0.0) or 1.0
    return min(1.0, max((abs(a - b) / most for a, b in zip(mine, theirs, strict=True)), default=0.0))


def _of_files(one: tuple[Media, ...], two: tuple[Media, ...]) -> float:
    if len(one) != len(two):
        return 1.0
    return max((_of_media(mine, other) for mine, other in zip(one, two, strict=True)), default=0.0)


def _of_media(one: Media, two: Media) -> float:
    if one.digest and one.digest == two.digest:
        return 0.0
    if not one.sketch or len(one.sketch) != len(two.sketch):
        return 1.0
    apart = sum(abs(a - b) for a, b in zip(one.sketch, two.sketch, strict=True)) / len(one.sketch)
    mine, theirs = one.seconds or 0.0, two.seconds or 0.0
    longer = abs(mine - theirs) / (max(mine, theirs) or 1.0)
    return min(1.0, max(SMALLEST, apart, longer))


def words_of(text: str) -> list[str]:
    """In small letters."""
    return re.findall(r"\w+", text.casefold())
