"""Finds holes in a prompt: `four 6 mm holes in the corners, 10 mm from the edges`."""

import re
from dataclasses import dataclass, field
from typing import Any

from .hole_patterns import HOLES, IN_FRONT, PIECES
from .reading import Q, Reading
from .standards import CLEARANCE
from .trouble import Trouble

HEADS = {"countersunk": "countersink", "counterbored": "counterbore"}


@dataclass
class Found:
    """Holes as far as the prompt says. Lengths in millimetres."""

    count: int = 1
    """0: several, and nobody knows how many."""
    diameter: float | None = None
    pattern: str | None = None
    on: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    sides: dict[str, float | None] = field(default_factory=dict)
    """Of one hole: how far its middle is from which sides; None where only the corner is named."""
    head: str | None = None
    """A key of HEADS."""
    head_sizes: tuple[float | None, float | None] = (None, None)
    """Diameter and depth."""
    screw: float | None = None
    """The nominal diameter of the screw that it is for."""

    @property
    def is_bore(self) -> bool:
        """Whether it may be the one hole along a round part's middle."""
        return self.count == 1 and self.pattern in {None, "center"} and not self.sides


def holes_in(reading: Reading) -> list[Found]:
    """Every kind of hole that the prompt asks for; their words count as used."""
    found: list[Found] = []
    while match := HOLES.search(reading.text):
        holes = _numbers(reading, match)
        words = f"{match['before']} {match['after']}"
        if "corner" in words:
            holes.pattern = "corners"
        elif "center" in words or "central" in words:
            holes.pattern = "center"
        holes.head = next((kind for kind in HEADS if kind in words), None)
        end = match.end()
        _grid(reading, holes, match, reading.text[end:])
        end += pieces_of(reading, holes, end)
        if match["each"] and reading.has("brackets?"):
            holes.on = ("base", "upright")
        if match["deep"]:
            holes.more["depth"] = reading.mm(match["deep"].strip("<>"))
        reading.use(match.start(), end)
        _add(found, holes)
    _circle_elsewhere(reading, found)
    return found


def pieces_of(reading: Reading, holes: Found, start: int) -> int:
    """Read what follows the word for the holes; how many signs of the text that are."""
    end = start
    while piece := _piece(reading.text[end:], holes):
        _read(reading, holes, piece)
        end += piece.end()
    return end - start


def _add(found: list[Found], holes: Found) -> None:
    """Holes that are mentioned again are the same ones: `two holes …, holes 6 mm`."""
    same = next((each for each in found if each.diameter is None), None)
    if same and not holes.count and holes.pattern is None:
        same.diameter = holes.diameter
    else:
        found.append(holes)


def _numbers(reading: Reading, match: "re.Match[str]") -> Found:
    """Of two numbers before the word the first counts; one alone counts if it can, and is not a size."""
    first, second = (each and each.strip("<>") for each in (match["first"], match["second"]))
    several = match["word"] == "holes"
    if first and second:
        return Found(_count(reading, first), _diameter(reading, second), screw=_screw(reading, second))
    if one := first or second:
        quantity = reading.quantity(one)
        # As in: a six-hole flange.
        several = several or reading.text.startswith(IN_FRONT, match.end())
        if quantity.may_count and (several or quantity.number == 1) and "diameter" not in match["before"]:
            return Found(_count(reading, one))
        return Found(0 if several else 1, _diameter(reading, one), screw=_screw(reading, one))
    if several and "corner" in match["before"] + match["after"]:
        return Found(4)
    return Found(0 if several else 1)


def _grid(reading: Reading, holes: Found, match: "re.Match[str]", after: str) -> None:
    """`2x3 grid of 5 mm holes`, and `5x5 holes of 6 mm`, which is not five of 5 mm."""
    first, second = match["first"], match["second"]
    if match["rows"]:
        _rows(reading, holes, match["rows"], match["columns"] or match["columns2"])
    elif (
        first
        and second
        and "x" in match[0]
        and PIECES["size"].match(after)
        and reading.quantity(second.strip("<>")).may_count
    ):
        holes.diameter = None
        _rows(reading, holes, first, second)


def _rows(reading: Reading, holes: Found, rows: str, columns: str) -> None:
    down, along = (_count(reading, each.strip("<>")) for each in (rows, columns))
    holes.pattern, holes.count, holes.more["rows"] = "grid", down * along, down
    reading.notes.append(f"The holes are in {down} rows of {along}, the rows along the length.")


def _count(reading: Reading, index: str) -> int:
    quantity = reading.quantity(index)
    if not quantity.may_count:
        raise Trouble(
            f"How many holes are meant with {quantity.number:g}? Write for example: four 5 mm holes."
        )
    return int(quantity.number)


def _diameter(reading: Reading, index: str) -> float:
    quantity = reading.quantity(index)
    if not quantity.is_thread:
        return reading.mm(index)
    size = CLEARANCE.get(quantity.number)
    if size is None:
        raise Trouble(f"M{quantity.number:g} is no usual screw. Give the hole's diameter instead.")
    reading.notes.append(f"Holes for M{quantity.number:g} are {size:g} mm wide, so that the screw passes.")
    return size


def _screw(reading: Reading, index: str) -> float | None:
    quantity = reading.quantity(index)
    return quantity.number if quantity.is_thread else None


def _piece(text: str, holes: Found) -> "re.Match[str] | None":
    for name, pattern in PIECES.items():
        if name in {"size", "aside", "count"} and holes.diameter is not None:
            continue
        if found := pattern.match(text):
            return found
    return None


def _read(reading: Reading, holes: Found, piece: "re.Match[str]") -> None:
    if piece.re is PIECES["grid"]:
        _rows(reading, holes, piece["rows"], piece["columns"])
    elif piece.re is PIECES["head"]:
        _head(reading, holes, piece)
    elif piece.re is PIECES["away"]:
        holes.sides[piece["side"]] = reading.mm(piece["away"].strip("<>"))
    elif piece.re is PIECES["corner"]:
        holes.sides |= dict.fromkeys(piece["corner"].split())
    else:
        _read_sizes(reading, holes, piece)


def _read_sizes(reading: Reading, holes: Found, piece: "re.Match[str]") -> None:
    for name, value in piece.groupdict().items():
        if value is None:
            continue
        index = value.strip("<>")
        match name:
            case "count":
                holes.count = _count(reading, index)
            case "size":
                holes.diameter, holes.screw = _diameter(reading, index), _screw(reading, index)
            case "place":
                _place(reading, holes, value, piece[0])
            case "circle" | "circle2":
                holes.more["circle"] = reading.mm(index)
            case "radius" | "radius2":
                holes.more["circle"] = 2 * reading.mm(index)
            case _:
                holes.more[name] = reading.mm(index)
    if piece.re in {PIECES["circle"], PIECES["radius"]}:
        holes.pattern = "circle"
    elif "spacing" in holes.more and holes.pattern != "grid":
        holes.pattern = "line"


def _head(reading: Reading, holes: Found, piece: "re.Match[str]") -> None:
    width, depth = piece["head"] or piece["head2"], piece["deep"]
    if width and reading.quantity(width.strip("<>")).is_thread:
        holes.screw, width = reading.quantity(width.strip("<>")).number, None
        if holes.diameter is None:
            holes.diameter = _diameter(reading, (piece["head"] or piece["head2"]).strip("<>"))
    holes.head = piece["kind"]
    known = holes.head_sizes
    holes.head_sizes = (
        reading.mm(width.strip("<>")) if width else known[0],
        reading.mm(depth.strip("<>")) if depth else known[1],
    )


def _place(reading: Reading, holes: Found, place: str, words: str) -> None:
    match place.rstrip("s"):
        case "corner":
            holes.pattern, holes.count = "corners", holes.count if holes.count > 1 else 4
        case "center":
            holes.pattern = "center" if holes.count < 2 else holes.pattern
        case "row" | "line":
            holes.pattern = "line"
        case "end":
            holes.pattern = "line"
            holes.count = max(holes.count, 2)
        case "base" | "bottom":
            holes.on = (*holes.on, "base")
        case "upright":
            holes.on = (*holes.on, "upright")
        case "leg" | "flange" | "side" | "face" if reading.has("bracket") and (
            {"each", "both", "per"} & set(words.split())
        ):
            holes.on = ("base", "upright")
        case "leg" | "side" | "wall" | "front" | "back" | "rear" | "left" | "right":
            raise Trouble(
                "Holes go into the upper face of a part, or into both legs of a bracket;"
                f" “{words.strip(' ,')}” can't be done. Leave it out, or give the distances from the edges."
            )


def _circle_elsewhere(reading: Reading, found: list[Found]) -> None:
    """`bolt circle 60 mm` may stand anywhere."""
    pattern = (
        rf"(?:{Q} )?(?:bolt circle|pitch circle)(?: diameter)?(?: ?(?:of|is|:|=)? ?{Q})?|circle of\s+(?=;)"
    )
    several = [holes for holes in found if holes.count > 1 or holes.count == 0]
    if several and (match := reading.take(pattern)):
        several[-1].pattern = "circle"
        index = match[1] or match[2]
        if index:
            several[-1].more["circle"] = reading.mm(index)
