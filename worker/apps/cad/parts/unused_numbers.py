"""Compares a part that a language model has specified with the numbers of the prompt."""

import math
from collections.abc import Iterator

from .quantities import marked
from .specification import Specification
from .standards import CLEARANCE
from .trouble import Trouble

MOST_NAMED = 8


def notes_on(prompt: str, spec: Specification) -> tuple[str, ...]:
    """What a person should look at: numbers of the prompt that are no size of the part."""
    read = "A language model has read the prompt. Sizes that the prompt does not give are its choice."
    try:
        _, quantities = marked(prompt)
    except Trouble:
        return (read,)
    units = {each.unit for each in quantities if each.unit}
    usual = units.pop() if len(units) == 1 else 1.0
    sizes = list(_numbers(spec.model_dump(mode="json")))
    unused = [each.said for each in quantities if not _is_used(each.number, each.unit or usual, sizes)]
    if not unused:
        return (read,)
    named = ", ".join(dict.fromkeys(unused[:MOST_NAMED]))
    return (
        read,
        f"These numbers of the prompt are no size of the part: {named}. Look at it before you use it.",
    )


def _is_used(number: float, unit: float, sizes: list[float]) -> bool:
    """Also as a count, a radius, or the screw that a hole is for."""
    known = (number, number * unit, 2 * number * unit, number * unit / 2, CLEARANCE.get(int(number), number))
    return any(math.isclose(size, each, rel_tol=0.01) for size in sizes for each in known)


def _numbers(value: object) -> Iterator[float]:
    match value:
        case bool():
            return
        case int() | float():
            yield float(value)
        case dict():
            for each in value.values():
                yield from _numbers(each)
        case list():
            for each in value:
                yield from _numbers(each)
