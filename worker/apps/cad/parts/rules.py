"""The built-in rules: a prompt becomes a specification without any language model, or a sentence why not.

Every number of the prompt must find its use: a part that leaves one out would be another part.
"""

from pydantic import ValidationError

from .edges_in_words import edges_in
from .holes_in_words import Found, holes_in
from .reading import Reading
from .shapes import Box, Bracket, Channel, Cylinder, Enclosure, Shape
from .shapes_in_words import KNOWN, shape_in
from .specification import Edges, Holes, Specification
from .trouble import Trouble

USUAL_HOLE = 5.0
USUAL_COUNT = 4
EACH_NUMBER = "Say it with each number: 80 mm long, 5 mm thick, 6 mm hole."


def plan(prompt: str) -> tuple[Specification, tuple[str, ...]]:
    """The specification and notes for the person. Trouble with a sentence where there is none."""
    reading = Reading(prompt)
    edges = edges_in(reading)
    holes = holes_in(reading)
    shape, kept = _shape(reading, holes, edges)
    if left := reading.left_over():
        numbers = " and ".join(f"{reading.quantity(each).number:g}" for each in left)
        verb = "is" if len(left) == 1 else "are"
        raise Trouble(f"I could not tell what {numbers} {verb} for. {EACH_NUMBER}")
    spec = _checked(shape, _holes(reading, shape, kept), edges)
    if words := reading.unknown_words():
        reading.notes.append(f"Not understood, and left out: {', '.join(words[:8])}.")
    return spec, tuple(reading.notes)


def _shape(
    reading: Reading, holes: list[Found], edges: dict[str, object] | None
) -> tuple[Shape, list[Found]]:
    try:
        found = shape_in(reading, holes)
    except ValidationError as error:
        raise Trouble(_sentence(error)) from None
    if found is None:
        raise Trouble(f"I could not tell which part is meant. The built-in rules know {KNOWN}.")
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
        for on in dict.fromkeys(holes.on or ("base",)):
            values = {"diameter": diameter, "count": holes.count, "on": on, "pattern": _pattern(shape, holes)}
            try:
                made.append(Holes.model_validate({**values, **holes.more}))
            except ValidationError as error:
                raise Trouble(_sentence(error)) from None
    return made


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
