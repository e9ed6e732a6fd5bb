"""Countersinks and counterbores: what the prompt says of them, and what suits the screw where it does not."""

from .holes import Head
from .holes_in_words import HEADS, Found
from .reading import Reading
from .standards import COUNTERBORES


def head_of(reading: Reading, holes: Found, diameter: float) -> Head | None:
    """The head of these holes; None where none is asked for."""
    if holes.head is None:
        return None
    given, deep = holes.head_sizes
    kind = HEADS[holes.head]
    width, depth = COUNTERBORES.get(int(holes.screw or 0), (round(1.8 * diameter, 1), round(diameter, 1)))
    if kind == "countersink":
        width = round(2.24 * holes.screw, 2) if holes.screw else 2 * diameter
        if deep is not None and given is None:
            given = diameter + 2 * deep
        return Head(kind="countersink", diameter=reading.chose("countersink's width", width, given))
    return Head(
        kind="counterbore",
        diameter=reading.chose("counterbore's width", width, given),
        depth=reading.chose("counterbore's depth", depth, deep),
    )
