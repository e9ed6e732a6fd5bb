"""The built-in rules: a prompt becomes a specification without any language model, or a sentence why not.

Every number of the prompt must find its use: a part that leaves one out would be another part.
"""

from pydantic import ValidationError

from .edges_in_words import edges_in
from .heads_in_words import head_of
from .holes import Holes
from .holes_in_words import Found, holes_in
from .openings_in_words import openings_in
from .places import Spot, spot_from_sides, surface_of, usual_inset
from .reading import Reading
from .shapes import Box, Bracket, Channel, Cylinder, Enclosure, Shape
from .shapes_in_words import KNOWN, shape_in
from .specification import Edges, Specification
from .trouble import Trouble

USUAL_HOLE = 5.0
USUAL_COUNT = 4
MOST_NAMED = 8
"""Of words and numbers in one sentence."""
EACH_NUMBER = "Say it with each number: 80 mm long, 5 mm thick, 6 mm hole."


def plan(prompt: str) -> tuple[Specification, tuple[str, ...]]:
    """The specification and notes for the person. Trouble with a sentence where there is none."""
    reading = Reading(prompt)
    edges = edges_in(reading)
    holes = [*openings_in(reading), *holes_in(reading)]
    _check_refused(reading, holes, edges)
    shape, kept = _shape(reading, holes, edges)
    if left := reading.left_over():
        said = [reading.quantity(each).said for each in left[:MOST_NAMED]]
        numbers = " and ".join(said) + (" and others" if len(left) > MOST_NAMED else "")
        verb = "is" if len(left) == 1 else "are"
        raise Trouble(f"I could not tell what {numbers} {verb} for. {EACH_NUMBER}{_unknown(reading)}")
    spec = _checked(shape, _holes(reading, shape, kept), edges)
    if words := _unknown(reading):
        reading.notes.append(words.strip().replace("Not understood:", "Not understood, and left out:"))
    return spec, tuple(dict.fromkeys(reading.notes))


def _check_refused(reading: Reading, holes: list[Found], edges: dict[str, object] | None) -> None:
    if (holes and reading.refused & {"hole", "loch", "löcher", "bohrung"}) or (
        edges and reading.refused & {"fillet", "verrundung", "chamfer", "fase"}
    ):
        raise Trouble("The prompt asks for something, and then for none of it. Say one of the two.")


def _unknown(reading: Reading) -> str:
    """The words that nobody had a use for, as the end of a sentence."""
    words = reading.unknown_words()
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return f" Not understood: {', '.join(words[:MOST_NAMED])}{more}." if words else ""


def _shape(
    reading: Reading, holes: list[Found], edges: dict[str, object] | None
) -> tuple[Shape, list[Found]]:
    try:
        found = shape_in(reading, holes)
    except ValidationError as error:
        raise Trouble(_sentence(error)) from None
    if found is None:
        known = f"I could not tell which part is meant. The built-in rules know {KNOWN}."
        raise Trouble(known + _unknown(reading))
    if not reading.quantities and not (holes or edges):
        reading.notes.append("The prompt gives no size; the usual ones were taken.")
    return found


def _holes(reading: Reading, shape: Shape, found: list[Found]) -> list[Holes]:
    made = []
    for holes in found:
        if not holes.count:
            holes.count = USUAL_COUNT
            reading.notes.append(f"The number of holes was not given; {USUAL_COUNT} were made.")
        diameter = reading.chose("holes' diameter", USUAL_HOLE, holes.diameter)
        _square_if_too_long(reading, shape, holes)
        for on in dict.fromkeys(holes.on or ("base",)):
            values = {"diameter": diameter, "count": holes.count, "on": on, "pattern": _pattern(shape, holes)}
            if head := head_of(reading, holes, diameter):
                values["head"] = head
            if holes.sides:
                values |= {"pattern": "place", "at": _spot(shape, holes, on, diameter)}
            try:
                made.append(Holes.model_validate({**values, **holes.more}))
            except ValidationError as error:
                raise Trouble(_sentence(error)) from None
    return made


def _square_if_too_long(reading: Reading, shape: Shape, holes: Found) -> None:
    """Four holes with a spacing that are longer in a row than the part are meant as a square."""
    spacing = holes.more.get("spacing")
    if spacing and holes.count == 4 and isinstance(shape, Box) and 3 * spacing >= shape.length:
        holes.pattern, holes.more["rows"] = "grid", 2
        reading.notes.append(f"The four holes make a square of {spacing:g} mm.")


def _spot(shape: Shape, holes: Found, on: str, diameter: float) -> Spot:
    """Where one hole is that the prompt places by its distance from the sides."""
    if holes.count != 1:
        raise Trouble("Only one hole at a time can be placed from the sides. Write one sentence for each.")
    surface = surface_of(shape, on)
    return spot_from_sides(surface, holes.sides, usual_inset(surface, diameter)) if surface else (0.0, 0.0)


def _pattern(shape: Shape, holes: Found) -> str:  # one for each case
    """Where they usually go, if the prompt does not say it."""
    rectangular = isinstance(shape, Box | Bracket | Channel | Enclosure)
    if holes.pattern == "corners" and holes.count != USUAL_COUNT:
        raise Trouble(
            f"A part has four corners, and {holes.count} holes can't be in them. Ask for four holes."
        )
    if holes.pattern and not (holes.pattern == "center" and holes.count > 1):
        return holes.pattern
    if holes.count == 1:
        return "center"
    if not rectangular:
        return "circle"
    if holes.count == USUAL_COUNT and isinstance(shape, Box | Enclosure):
        return "corners"
    return "grid" if holes.count > USUAL_COUNT and holes.count % 2 == 0 else "line"


def _checked(shape: Shape, holes: list[Holes], edges: dict[str, object] | None) -> Specification:
    try:
        rounded = Edges.model_validate(edges) if edges else None
        if rounded and isinstance(shape, Cylinder | Enclosure):
            where = (
                "corners"
                if isinstance(shape, Enclosure)
                else "all"
                if rounded.where == "corners"
                else rounded.where
            )
            rounded = rounded.model_copy(update={"where": where})
        return Specification.model_validate(
            {
                "shape": shape.model_dump(),
                "holes": [each.model_dump() for each in holes],
                "edges": rounded and rounded.model_dump(),
            }
        )
    except ValidationError as error:
        raise Trouble(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] != "value_error":
        name = str(first["loc"][-1]).replace("_", " ") if first["loc"] else "size"
        limits = said.replace("Input should be", "").strip()
        said = f"the {name} must be {limits}, and {first['input']} is not"
    return f"This part can't be built: {said}."
