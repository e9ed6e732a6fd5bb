"""Shapes with straight sides, and their sizes in a prompt: boxes, brackets, enclosures, prisms and others."""

import math

from . import shapes
from .holes_in_words import Found
from .reading import OF, Q, Reading
from .sizes_in_words import (
    bare_number,
    bore_of,
    diameter_of,
    filled,
    height_of,
    paired,
    profile_of,
    rest,
    screw_hole,
    sides_of,
    standard_part,
    thickness_of,
)
from .standards import NUTS
from .trouble import Trouble

SQUARE = "square(?! (?:hole|opening|cutout|window|pocket))"


def box_of(kind: str, reading: Reading, _holes: list[Found]) -> shapes.Shape:
    side = _side_of_cube(reading) if reading.has("cube") else None
    thickness = thickness_of(reading)
    length, width, height = filled(*sides_of(reading), thickness)
    if reading.has("cube"):
        given = [each for each in (side, length, width, height) if each is not None]
        side = given[0] if given else rest(reading)
        side = reading.chose("side", 20, side)
        length = width = height = side if len(set(given)) <= 1 else None
        if length is None:
            raise Trouble("A cube has equal sides. Ask for a box with these sizes.")
    if height is None and kind == "plate" and length is not None:
        height = rest(reading, "thickness")
    if length is not None and reading.has(SQUARE):
        width = length if width is None else width
        if width != length:
            raise Trouble(f"A square has equal sides, and {length:g} mm and {width:g} mm are not.")
    return shapes.Box.model_validate(
        {
            "shape": kind,
            "length": reading.chose("length", 60 if kind == "plate" else 40, length),
            "width": reading.chose("width", 40 if kind == "plate" else 30, width),
            "height": reading.chose(
                "thickness" if kind == "plate" else "height", 5 if kind == "plate" else 20, height
            ),
        }
    )


def _side_of_cube(reading: Reading) -> float | None:
    return reading.length(
        rf"{Q} cube\b",
        rf"\b(?:sides?|edges?)(?: length)?{OF}{Q}",
        rf"{Q} (?:long )?(?:sides?|sided|edges?)\b(?: length)?",
    )


def bracket_of(reading: Reading, holes: list[Found]) -> shapes.Shape:
    legs = reading.length(
        rf"{Q} (?:long )?legs?\b", rf"\blegs? (?:of |each |both )*(?:length )?{Q}(?! ?(?:x|by|and) )"
    )
    profile = profile_of(reading)
    two = reading.take(rf"\blegs? (?:of |are )*{Q} (?:and|x|by) {Q}")
    thickness = profile[2] if profile else thickness_of(reading)
    length, width, height = sides_of(reading)
    if profile:
        length, width, height = profile[0], length if width is None else width, profile[1]
    elif two:
        length, height = reading.mm(two[1]), reading.mm(two[2])
    elif legs is not None:
        length, height = legs, legs if height is None else height
    elif height is None and length is not None and width is not None and not reading.has("wide|width"):
        height, width = width, None  # of two numbers both are legs
    elif length == width and height is not None and not reading.has("wide|width|tall|height"):
        width, height = height, width  # as people write equal legs: 50x50x30
    if thickness is None and length is not None:
        thickness = rest(reading, "thickness")
    if length is None and height is not None:
        length = height
    if any(not each.on for each in holes):
        reading.notes.append("The holes are in the leg that lies.")
    length = reading.chose("length", 60, length)
    return shapes.Bracket(
        length=length,
        width=reading.chose("width", 30, width),
        height=reading.chose("height", length, height),
        thickness=reading.chose("thickness", 4, thickness),
    )


def channel_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    profile = profile_of(reading)
    thickness = profile[2] if profile else thickness_of(reading)
    length, width, height = sides_of(reading)
    if profile:
        width, height = profile[:2]
    if thickness is None and length is not None:
        thickness = rest(reading, "thickness")
    return shapes.Channel(
        length=reading.chose("length", 100, length),
        width=reading.chose("width", 40, width),
        height=reading.chose("height", 30, height),
        thickness=reading.chose("thickness", 3, thickness),
    )


def enclosure_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    if reading.has("closed"):
        raise Trouble("Closed hollow parts can't be made: ask for an open enclosure, and a plate as its lid.")
    wall = thickness_of(reading)
    side = _side_of_cube(reading) if reading.has("cube") else None
    length, width, height = (side, side, side) if side is not None else sides_of(reading)
    if reading.has("cube") and length is None and (side := rest(reading)) is not None:
        length = width = height = side
    if length is not None and width is None and reading.has("square|cube"):
        width = length
    if wall is None and length is not None:
        wall = rest(reading, "wall")
    reading.has("open (?:at the |on )?top|hollow|walls?")
    if not reading.has("open|tray") and "lid" not in reading.refused:
        reading.notes.append("It is open at the top.")
    length = reading.chose("length", 80, length)
    width = reading.chose("width", 60, width)
    height = reading.chose("height", 30, height)
    wall = reading.chose("wall", 2, wall)
    if reading.has("inner"):
        length, width, height = length + 2 * wall, width + 2 * wall, height + wall
        reading.notes.append(f"The size was taken as the inner one; outside it is {length:g} x {width:g} mm.")
    return shapes.Enclosure(length=length, width=width, height=height, wall=wall)


def wedge_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    length, width, height = sides_of(reading)
    return shapes.Wedge(
        length=reading.chose("length", 50, length),
        width=reading.chose("width", 30, width),
        height=reading.chose("height", 20, height),
    )


def prism_of(sides: int, reading: Reading, holes: list[Found]) -> shapes.Shape:
    if reading.has("nut") and (standard := standard_part(reading, NUTS)):
        nominal = reading.quantities[0].number
        return shapes.Prism(sides=6, across=standard[0], height=standard[1], bore=nominal)
    across = reading.named("(?:wide )?across(?: the)? flats|across")
    side = reading.named("sides?(?: length)?|edges?(?: length)?")
    if across is None and side is not None:
        across = side / math.tan(math.pi / sides)
    bore = bore_of(reading, holes) or screw_hole(reading)
    across = across if across is not None else diameter_of(reading)
    height = thickness_of(reading)
    across = across if across is not None else reading.named("width", "wide")
    height = height if height is not None else height_of(reading)
    across, height = paired(reading, across, height)
    if across is None:
        across = rest(reading)
    return shapes.Prism(
        sides=sides,
        across=reading.chose("width across flats", 20, across),
        height=reading.chose("height", 20, height),
        bore=bore,
    )


def polygon_of(reading: Reading, holes: list[Found]) -> shapes.Shape:
    """A prism of so many sides."""
    sides = bare_number(reading, reading.take(rf"{Q} ?-? ?sided"))
    if sides is None or sides != int(sides):
        raise Trouble("How many sides shall the prism have? Write for example: six sided prism.")
    return prism_of(int(sides), reading, holes)
