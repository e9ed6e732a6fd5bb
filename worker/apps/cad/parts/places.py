"""Where the holes of a part are: the surface that they go into, and their middles on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .shapes import Box, Bracket, Channel, Cylinder, Enclosure, Flange, Prism, Shape, Tube

Spot = tuple[float, float]
"""On a surface, in millimetres from its middle."""


class Asked(Protocol):
    """What a pattern of holes is placed by."""

    @property
    def diameter(self) -> float: ...
    @property
    def along(self) -> float: ...
    @property
    def widest(self) -> float: ...
    @property
    def count(self) -> int: ...
    @property
    def pattern(self) -> str: ...
    @property
    def inset(self) -> float | None: ...
    @property
    def spacing(self) -> float | None: ...
    @property
    def circle(self) -> float | None: ...
    @property
    def rows(self) -> int | None: ...
    @property
    def at(self) -> Spot | None: ...


@dataclass(frozen=True)
class Surface:
    """What holes are drilled into: a rectangle, or a round one with a bore in its middle."""

    length: float
    width: float
    thickness: float
    diameter: float | None = None
    bore: float = 0.0

    def holds(self, spot: Spot, radius: float, rounding: float = 0.0) -> bool:
        """Whether a circle is inside; `rounding` is the radius of a rectangle's corners."""
        if self.diameter is not None:
            away = math.hypot(*spot)
            return away + radius <= self.diameter / 2 and (not self.bore or away - radius >= self.bore / 2)
        x, y = (abs(value) for value in spot)
        if x + radius > self.length / 2 or y + radius > self.width / 2:
            return False
        beyond = (x - (self.length / 2 - rounding), y - (self.width / 2 - rounding))
        return min(beyond) <= 0 or math.hypot(*beyond) + radius <= rounding


def surface_of(shape: Shape, on: str) -> Surface | None:  # noqa: PLR0911  # one for each shape
    """The surface for holes; None where a shape has none."""
    match shape:
        case Box():
            return Surface(shape.length, shape.width, shape.height)
        case Bracket() if on == "upright":
            return Surface(shape.height - shape.thickness, shape.width, shape.thickness)
        case Bracket():
            return Surface(shape.length - shape.thickness, shape.width, shape.thickness)
        case Channel():
            return Surface(shape.length, shape.width - 2 * shape.thickness, shape.thickness)
        case Enclosure():
            return Surface(shape.length - 2 * shape.wall, shape.width - 2 * shape.wall, shape.wall)
        case Cylinder():
            return Surface(shape.diameter, shape.diameter, shape.height, shape.diameter)
        case Flange():
            size = shape.outer_diameter
            return Surface(size, size, shape.height, size, shape.bore)
        case Tube():
            size = shape.outer_diameter
            return Surface(size, size, shape.height, size, shape.inner_diameter)
        case Prism():
            return Surface(shape.across, shape.across, shape.height, shape.across, shape.bore or 0.0)
        case _:
            return None


def spots_of(surface: Surface, holes: Asked) -> tuple[Spot, ...]:
    """The middles of the holes. ValueError where the pattern has no room for so many."""
    match holes.pattern:
        case "center" if holes.count == 1:
            return ((0.0, 0.0),)
        case "corners" if holes.count == 4 and surface.diameter is None:
            x, y = _corner(surface, holes)
            return ((-x, -y), (x, -y), (x, y), (-x, y))
        case "circle":
            return _on_a_circle(surface, holes)
        case "grid" if holes.count % (holes.rows or 2) == 0 and surface.diameter is None:
            return _grid(surface, holes)
        case "place" if holes.count == 1 and holes.at is not None:
            return (holes.at,)
        case "line":
            return _line(surface, holes)
        case _:
            raise ValueError(
                f"{holes.count} holes can't be placed as “{holes.pattern}”; four go into corners"
            )


def usual_inset(surface: Surface, diameter: float) -> float:
    """From the edges to a hole's middle, where the prompt does not say it."""
    return max(diameter, 0.12 * min(surface.length, surface.width))


def _inset(surface: Surface, holes: Asked) -> float:
    return holes.inset if holes.inset is not None else usual_inset(surface, holes.widest)


def _corner(surface: Surface, holes: Asked) -> Spot:
    inset = _inset(surface, holes)
    aside = (holes.along - holes.diameter) / 2 if holes.inset is None else 0.0
    return surface.length / 2 - inset - aside, surface.width / 2 - inset


def _on_a_circle(surface: Surface, holes: Asked) -> tuple[Spot, ...]:
    outside = surface.diameter or min(surface.length, surface.width)
    usual = (outside + surface.bore) / 2 if surface.bore else 0.7 * outside
    radius = (holes.circle or usual) / 2
    turns = (2 * math.pi * number / holes.count for number in range(holes.count))
    return tuple((radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)


def _line(surface: Surface, holes: Asked) -> tuple[Spot, ...]:
    most, _ = _corner(surface, holes)
    return tuple((x, 0.0) for x in _evenly(holes.count, most, holes.spacing))


def _grid(surface: Surface, holes: Asked) -> tuple[Spot, ...]:
    x, y = _corner(surface, holes)
    rows = holes.rows or 2
    # Where no rows are asked for the spacing is that in a row, and the rows are at the edges.
    spacing = holes.spacing if holes.rows else None
    row = _evenly(holes.count // rows, x, holes.spacing)
    return tuple((along, side) for side in _evenly(rows, y, spacing) for along in row)


def _evenly(count: int, most: float, spacing: float | None) -> tuple[float, ...]:
    """From -most to most, or with the spacing that was asked for."""
    if count == 1:
        return (0.0,)
    step = spacing if spacing is not None else 2 * most / (count - 1)
    first = -step * (count - 1) / 2
    return tuple(first + step * number for number in range(count))


def spot_from_sides(surface: Surface, sides: Mapping[str, float | None], inset: float) -> Spot:
    """The place so far from these sides; seen from above, with the length from left to right."""
    x = y = 0.0
    for side, away in sides.items():
        distance = inset if away is None else away
        match side:
            case "left":
                x = distance - surface.length / 2
            case "right":
                x = surface.length / 2 - distance
            case "bottom" | "front":
                y = distance - surface.width / 2
            case _:
                y = surface.width / 2 - distance
    return x, y
