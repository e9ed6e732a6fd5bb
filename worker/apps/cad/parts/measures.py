"""What a part must measure, told from its specification alone: the kernel is checked against it."""

import math

from pydantic import BaseModel, ConfigDict

from .gear_teeth import area, outline
from .shapes import (
    Box,
    Bracket,
    Channel,
    Cone,
    Cylinder,
    Enclosure,
    Flange,
    Gear,
    Prism,
    Shape,
    Sphere,
    Torus,
    Tube,
    Wedge,
)
from .specification import Edges, Specification

FILLET = 1 - math.pi / 4
"""Of a square at a rounded corner, the share that is cut off."""
FILLET_SQUARED = 5 / 3 - math.pi / 2
"""The same for the square of what is cut off, along the edge."""


class Measures(BaseModel):
    """In millimetres and cubic millimetres."""

    model_config = ConfigDict(frozen=True)

    volume: float
    box: tuple[float, float, float]
    """Length, width and height of what it fits into."""

    def differs(self, other: "Measures") -> str | None:
        """What is not the same, in words; None where both are the same part."""
        if not math.isclose(self.volume, other.volume, rel_tol=1e-4, abs_tol=1e-3):
            return f"its volume is {self.volume:.3f} mm³ instead of {other.volume:.3f} mm³"
        for name, mine, theirs in zip(("length", "width", "height"), self.box, other.box, strict=True):
            if not math.isclose(mine, theirs, rel_tol=1e-4, abs_tol=1e-2):
                return f"its {name} is {mine:.3f} mm instead of {theirs:.3f} mm"
        return None


def measures_of(spec: Specification) -> Measures:
    drilled = sum(holes.volume(spec.depth(holes)) * holes.count for holes in spec.holes)
    cut = _cut(spec.shape, spec.edges) if spec.edges else 0.0
    return Measures(volume=_volume(spec.shape) - drilled - cut, box=_box(spec.shape))


def _volume(shape: Shape) -> float:  # noqa: PLR0911  # one for each shape
    match shape:
        case Box():
            return shape.length * shape.width * shape.height
        case Cylinder():
            return _disc(shape.diameter) * shape.height
        case Tube():
            return (_disc(shape.outer_diameter) - _disc(shape.inner_diameter)) * shape.height
        case Bracket():
            profile = shape.thickness * (shape.length + shape.height - shape.thickness)
            return profile * shape.width
        case Channel():
            inside = (shape.width - 2 * shape.thickness) * (shape.height - shape.thickness)
            return (shape.width * shape.height - inside) * shape.length
        case Enclosure():
            inside = (shape.length - 2 * shape.wall) * (shape.width - 2 * shape.wall)
            return shape.length * shape.width * shape.height - inside * (shape.height - shape.wall)
        case Sphere():
            return math.pi / 6 * shape.diameter**3
        case Wedge():
            return shape.length * shape.width * shape.height / 2
        case Torus():
            middle = (shape.outer_diameter - shape.section_diameter) / 2
            return 2 * math.pi * middle * _disc(shape.section_diameter)
        case _:
            return _other_volume(shape)


def _other_volume(shape: Shape) -> float:
    match shape:
        case Flange():
            return (_disc(shape.outer_diameter) - _disc(shape.bore)) * shape.height
        case Cone():
            bottom, top = shape.bottom_diameter / 2, shape.top_diameter / 2
            return math.pi / 3 * shape.height * (bottom**2 + bottom * top + top**2)
        case Prism():
            face = shape.sides * (shape.across / 2) ** 2 * math.tan(math.pi / shape.sides)
            return (face - _disc(shape.bore or 0.0)) * shape.height
        case Gear():
            return (area(outline(shape)) - _disc(shape.bore or 0.0)) * shape.thickness
        case _:
            raise TypeError(f"{type(shape).__name__} has no volume")


def _box(shape: Shape) -> tuple[float, float, float]:  # noqa: PLR0911  # one for each shape
    match shape:
        case Box() | Bracket() | Channel() | Enclosure() | Wedge():
            return shape.length, shape.width, shape.height
        case Cylinder():
            return shape.diameter, shape.diameter, shape.height
        case Tube() | Flange():
            return shape.outer_diameter, shape.outer_diameter, shape.height
        case Sphere():
            return shape.diameter, shape.diameter, shape.diameter
        case Cone():
            widest = max(shape.bottom_diameter, shape.top_diameter)
            return widest, widest, shape.height
        case Torus():
            return shape.outer_diameter, shape.outer_diameter, shape.section_diameter
        case Prism():
            return (*_extent(prism_face(shape)), shape.height)
        case Gear():
            return (*_extent(outline(shape)), shape.thickness)
        case _:
            raise TypeError(f"{type(shape).__name__} has no size")


def prism_face(shape: Prism) -> tuple[tuple[float, float], ...]:
    """The corners of a prism's face, the first on the x axis."""
    radius = shape.across / 2 / math.cos(math.pi / shape.sides)
    turns = (2 * math.pi * number / shape.sides for number in range(shape.sides))
    return tuple((radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)


def _extent(points: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    across, along = zip(*points, strict=True)
    return max(across) - min(across), max(along) - min(along)


def _disc(diameter: float) -> float:
    return math.pi / 4 * diameter**2


def _cut(shape: Shape, edges: Edges) -> float:
    """What rounding or cutting the edges takes away."""
    size = edges.size
    match shape, edges.where:
        case Cylinder(), where:
            return _rim(shape.diameter, edges) * (2 if where == "all" else 1)
        case Enclosure(), _:
            inner = max(size - shape.wall, 0.0)
            outside = 4 * FILLET * size**2 * shape.height
            return outside - 4 * FILLET * inner**2 * (shape.height - shape.wall)
        case Box(), "corners":
            share = FILLET if edges.kind == "fillet" else 0.5
            return 4 * share * size**2 * shape.height
        case Box(), "top" | "bottom":
            once, squared = _along(edges)
            return 2 * (shape.length + shape.width) * once - 4 * squared
        case Box(), _:
            return _all_edges(shape, edges)
        case _:
            raise TypeError(f"{type(shape).__name__} has no edges to cut")


def _along(edges: Edges) -> tuple[float, float]:
    """The integrals, from the edge downwards, of how far the side is set back, and of its square."""
    size = edges.size
    if edges.kind == "fillet":
        return FILLET * size**2, FILLET_SQUARED * size**3
    return size**2 / 2, size**3 / 3


def _rim(diameter: float, edges: Edges) -> float:
    once, squared = _along(edges)
    return math.pi * (diameter * once - squared)


def _all_edges(shape: Box, edges: Edges) -> float:
    size = edges.size
    inner = [side - 2 * size for side in (shape.length, shape.width, shape.height)]
    if edges.kind == "chamfer":
        # Where three chamfers meet, the kernel cuts off the tip between them too.
        return 2 * size**2 * sum(inner) + 20 / 3 * size**3
    return 4 * FILLET * size**2 * sum(inner) + (8 - 4 / 3 * math.pi) * size**3
