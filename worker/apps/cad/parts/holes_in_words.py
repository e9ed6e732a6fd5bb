"""Finds holes in a prompt: `four 6 mm holes in the corners, 10 mm from the edges`."""

import re
from dataclasses import dataclass, field
from typing import Any

from .reading import Q, Reading
from .standards import CLEARANCE
from .trouble import Trouble

N = r"<\d+>"
ADJECTIVE = (
    r"(?:corners?|mounting|through|thru|bolt|screw|clearance|small|drilled|center|central|fixing|pilot|evenly"
    r"|equally|spaced|drill|wide|of|diameter|in|large|vertical|equal|rounded|blind|holes?) "
)
HOLES = re.compile(
    rf"(?:(?P<deep>{N}) deep )?(?P<each>each (?:leg |side )?)?(?:(?P<first>{N}) (?:x )?)?"
    rf"(?P<before>(?:{ADJECTIVE})*?)(?:(?P<second>{N}) )?"
    rf"(?P<after>(?:{ADJECTIVE})*?)(?P<word>holes?)\b"
)
NOT_ITS_SIZE = (
    r"(?! ?(?:thick|tall|high|long|wide|height|length|width|x |by |fillet|radius|chamfer|from|apart"
    r"|bolt circle|wall|corner|teeth|module|spacing|holes?|mounting|deep|legs?|square|bore))"
)
IN_FRONT = tuple(
    f" {word}" for word in ("flange", "plate", "bracket", "disc", "circular", "square", "rounded")
)
ENDS = r"(?= ?(?:[,.;)]|$|in |at |on |each|diameter|and |with ))"
PIECES = {
    "count": re.compile(rf"^ ?,? ?(?P<count>{N}) x (?P<size>{N}){NOT_ITS_SIZE}"),
    "size": re.compile(
        rf"^ ?(?:(?:each|with|of|a|all|both|are|is|for) )*(?:diameter )?(?:of |is |: ?|= ?)?(?P<size>{N})"
        rf"{NOT_ITS_SIZE} ?(?:in )?(?:diameter|screws?|bolts?)?(?: each)?"
    ),
    "aside": re.compile(
        rf"^ ?[,(] ?(?:(?:each|of|all|both|with|a) )*(?:diameter )?(?:of )?(?P<size>{N}){NOT_ITS_SIZE}{ENDS}"
        r" ?(?:in )?(?:diameter)?(?: each)? ?\)?"
    ),
    "depth": re.compile(rf"^ ?,? ?(?:(?:and|that|are|is|each) )*(?P<depth>{N}) deep"),
    "place": re.compile(
        r"^ ?,? ?(?:one )?(?:in|at|on|near|into|through|of) (?:(?:the|each|all|its|both|a|<\d+>|end) )*"
        r"(?P<place>corners?|center|ends?|legs?|base|bottom|uprights?|faces?|flanges?|sides?|row|line|top)\b"
    ),
    "inset": re.compile(
        rf"^ ?,? ?(?:(?:and|each|placed|at|located|with) )*(?P<inset>{N}) (?:in )?(?:away )?(?:from|of) "
        r"(?:(?:the|each|all|its|both) )*(?:edges?|sides?|corners?|border|ends?)\b"
    ),
    "circle": re.compile(
        rf"^ ?,? ?(?:(?:evenly|equally|spaced|arranged|placed|distributed) )*(?:on|around|in|at|along) "
        rf"(?:(?:a|the|diameter) )*(?:(?P<circle>{N}) )?(?:diameter )?"
        rf"(?:bolt circle|pitch circle|hole circle|bolt pattern|circle|circumference|rim)"
        rf"(?: diameter)?(?: ?(?:of|is|with|:|=)? ?(?:diameter )?(?P<circle2>{N}))?"
    ),
    "spacing": re.compile(
        rf"^ ?,? ?(?:(?:and|evenly|equally|with|a|at) )*(?:spaced|spacing|pitch|distance|apart)"
        rf"(?: ?(?:of|by|is))? ?(?:(?P<spacing>{N})(?: apart)?)?"
    ),
    "radius": re.compile(
        rf"^ ?,? ?(?:(?:evenly|equally|spaced) )*(?:on|at) (?:a |the )?"
        rf"(?:(?P<radius>{N}) radius|radius (?P<radius2>{N}))"
    ),
    "apart": re.compile(rf"^ ?,? ?(?P<spacing>{N}) apart"),
}


@dataclass
class Found:
    """Holes as far as the prompt says. Lengths in millimetres."""

    count: int = 1
    """0: several, and nobody knows how many."""
    diameter: float | None = None
    pattern: str | None = None
    on: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_bore(self) -> bool:
        """Whether it may be the one hole along a round part's middle."""
        return self.count == 1 and self.pattern in {None, "center"}


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
        end = match.end()
        while piece := _piece(reading.text[end:], holes):
            _read(reading, holes, piece)
            end += piece.end()
        if match["each"] and reading.has("brackets?"):
            holes.on = ("base", "upright")
        if match["deep"]:
            holes.more["depth"] = reading.mm(match["deep"].strip("<>"))
        reading.use(match.start(), end)
        _add(found, holes)
    _circle_elsewhere(reading, found)
    return found


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
        return Found(_count(reading, first), _diameter(reading, second))
    if one := first or second:
        quantity = reading.quantity(one)
        # As in: a six-hole flange.
        several = several or reading.text.startswith(IN_FRONT, match.end())
        if quantity.may_count and (several or quantity.number == 1) and "diameter" not in match["before"]:
            return Found(_count(reading, one))
        return Found(0 if several else 1, _diameter(reading, one))
    if several and "corner" in match["before"] + match["after"]:
        return Found(4)
    return Found(0 if several else 1)


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


def _piece(text: str, holes: Found) -> "re.Match[str] | None":
    for name, pattern in PIECES.items():
        if name in {"size", "aside", "count"} and holes.diameter is not None:
            continue
        if found := pattern.match(text):
            return found
    return None


def _read(reading: Reading, holes: Found, piece: "re.Match[str]") -> None:
    for name, value in piece.groupdict().items():
        if value is None:
            continue
        index = value.strip("<>")
        match name:
            case "count":
                holes.count = _count(reading, index)
            case "size":
                holes.diameter = _diameter(reading, index)
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
    elif "spacing" in holes.more:
        holes.pattern = "line"


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
            "each" in words or "both" in words
        ):
            holes.on = ("base", "upright")


def _circle_elsewhere(reading: Reading, found: list[Found]) -> None:
    """`bolt circle 60 mm` may stand anywhere."""
    pattern = rf"(?:{Q} )?(?:bolt circle|pitch circle)(?: diameter)?(?: ?(?:of|is|:|=)? ?{Q})?"
    several = [holes for holes in found if holes.count > 1 or holes.count == 0]
    if several and (match := reading.take(pattern)):
        several[-1].pattern = "circle"
        index = match[1] or match[2]
        if index:
            several[-1].more["circle"] = reading.mm(index)
