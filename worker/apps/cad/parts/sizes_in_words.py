"""What sizes are called in a prompt, for every shape alike. Lengths in millimetres."""

import re
from collections.abc import Mapping

from .holes_in_words import Found
from .reading import Q, Reading
from .standards import CLEARANCE
from .trouble import Trouble

PAIR = rf"(?<!> x )(?<!> by ){Q} ?(?:x|by) ?{Q}(?! ?(?:x|by) )"
GROUP = rf"{Q} ?(?:x|by) ?{Q}(?: ?(?:x|by) ?{Q})?"


def group(reading: Reading) -> list[float]:
    found = reading.take(GROUP)
    return [reading.mm(each) for each in found.groups() if each is not None] if found else []


def paired(reading: Reading, one: float | None, other: float | None) -> tuple[float | None, float | None]:
    """Both sizes out of `30x50`, where neither has a name. Three are not for a shape that has two."""
    found = reading.take(PAIR) if one is None and other is None else None
    return (reading.mm(found[1]), reading.mm(found[2])) if found else (one, other)


def rest(reading: Reading, what: str = "") -> float | None:
    """The one number that is left, which then needs no name; `what` it is taken as is said."""
    left = reading.left_over()
    if len(left) != 1 or reading.belongs_to_a_name(left[0]):
        return None
    size = reading.length(Q)
    if what:
        reading.notes.append(f"{size:g} mm was taken as the {what}.")
    return size


def thickness_of(reading: Reading) -> float | None:
    return reading.named(r"(?:wall|walls|material)(?: thickness| thick)?|thickness", "thick")


def height_of(reading: Reading) -> float | None:
    """Of what stands or lies, whatever it is called."""
    return reading.named("height|length|depth|(?:face )?width", "tall|high|long|deep|wide")


def diameter_of(reading: Reading, which: str = "") -> float | None:
    name = rf"{which} " if which else ""
    size = reading.named(rf"{name}diameter|{which}" if which else "diameter")
    return size if size is not None else doubled(reading.named(rf"{name}radius"))


def doubled(radius: float | None) -> float | None:
    return 2 * radius if radius is not None else None


def bore_of(reading: Reading, holes: list[Found]) -> float | None:
    """The hole along the middle, however it is called; a hole of the list is taken from it."""
    size = reading.named("(?:center |central |inner )?bore(?: diameter| hole)?") or diameter_of(
        reading, "inner"
    )
    found = next((each for each in holes if each.is_bore), None)
    if size is None and found:
        holes.remove(found)
        size = found.diameter
    return size


def sides_of(reading: Reading) -> tuple[float | None, float | None, float | None]:
    """Length, width and height: by name, then as `80x50x5`."""
    square = reading.length(
        rf"{Q} square\b", rf"\bsquare (?:plate |box |base |with |side )*(?:of )?{Q}(?! ?(?:x|by) )"
    )
    given = group(reading)
    if square is not None:
        given = [square, square, *given]
    length, width = reading.named("length", "long"), reading.named("width", "wide")
    height = reading.named("height", "tall|high")
    depth = reading.named("depth", "deep")
    if depth is not None:  # of `wide` and `deep`, the depth is the other side of the base
        length, width, height = (
            (length, width, depth) if height is None else _with_depth(length, width, depth, height)
        )
    if given and not (length is width is height is None):
        reading.notes.append("Sizes without a name were taken for length, width and height in this order.")
    named = iter(given)
    length = length if length is not None else next(named, None)
    width = width if width is not None else next(named, None)
    height = height if height is not None else next(named, None)
    if leftover := next(named, None):
        raise Trouble(f"One size too many: {leftover:g} mm. Give length, width and height, or 80x50x5.")
    return length, width, height


def profile_of(reading: Reading) -> tuple[float, float, float] | None:
    """Two sides and the thickness of `40x20x2`, as profiles are named: the third is much smaller."""
    found = re.search(rf"(?<!> x )(?<!> by ){Q} (?:x|by) {Q} (?:x|by) {Q}(?! (?:x|by|thick))", reading.text)
    if not found:
        return None
    one, other, third = (reading.mm(each) for each in found.groups())
    if 4 * third > min(one, other) or reading.has("thick|thickness|wall"):
        return None
    reading.use(*found.span())
    reading.notes.append(f"Taken as a profile of {one:g} and {other:g} mm, {third:g} mm thick.")
    return one, other, third


def filled(
    length: float | None, width: float | None, height: float | None, thickness: float | None
) -> tuple[float | None, float | None, float | None]:
    """Length, width and height of a plate; beside its thickness a height is one of its sides."""
    if thickness is None or height is None or height == thickness:
        return length, width, height if height is not None else thickness
    if length is None:
        return height, width, thickness
    if width is None:
        return length, height, thickness
    raise Trouble(
        f"Two sizes are given for the thickness, {height:g} mm and {thickness:g} mm. Give one; for a hollow"
        f" box write: walls {thickness:g} mm."
    )


def _with_depth(
    length: float | None, width: float | None, depth: float, height: float
) -> tuple[float | None, float | None, float]:
    if length is None:
        return (width, depth, height) if width is not None else (depth, None, height)
    if width is None:
        return length, depth, height
    raise Trouble("Length, width, depth and height are one size too many. Give length, width and height.")


def standard_part(reading: Reading, table: Mapping[int, tuple[float, ...]]) -> tuple[float, ...] | None:
    """The sizes of a standard part that is named by its screw alone, as in `M8 washer`."""
    if len(reading.quantities) != 1 or not reading.quantities[0].is_thread:
        return None
    nominal = reading.quantities[0].number
    reading.take(Q)
    sizes = table.get(int(nominal)) if nominal == int(nominal) else None
    if sizes is None:
        raise Trouble(f"I know no standard sizes for M{nominal:g}. Give the diameters and the thickness.")
    reading.notes.append(f"M{nominal:g} gives the sizes of the standard part, without a thread.")
    return sizes


def screw_hole(reading: Reading) -> float | None:
    """The hole for a screw that is named: `spacer for M4`."""
    for index in reading.left_over():
        if reading.quantity(index).is_thread:
            reading.take(f"<{index}>")
            size = CLEARANCE.get(reading.quantity(index).number)
            if size is not None:
                reading.notes.append(f"The hole is {size:g} mm wide, so that the screw passes.")
            return size
    return None


def bare_number(reading: Reading, found: re.Match[str] | None) -> float | None:
    """The bare number of a match, whatever its unit."""
    if found is None:
        return None
    index = next(each for each in found.groups() if each is not None)
    return reading.quantity(index).number
