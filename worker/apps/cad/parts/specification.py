"""The one document that says what a part is. Whoever plans writes it; only `building.py` acts on it.

Nothing in it is code. What can't be built is refused here, with a sentence.
"""

import math
from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .places import Spot, Surface, spots_of, surface_of
from .shapes import AnyShape, Box, Bracket, Cylinder, Enclosure, Length, Shape

MOST_HOLES = 200
GAP = 0.2
"""Millimetres of material that stay between two holes, and between a hole and an edge."""


class Pattern(StrEnum):
    """Where holes are."""

    CENTER = "center"
    CORNERS = "corners"
    LINE = "line"
    GRID = "grid"
    """In two rows."""
    CIRCLE = "circle"


class Holes(BaseModel):
    """Round holes of one kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    diameter: Length
    count: Annotated[int, Field(ge=1, le=MOST_HOLES)] = 1
    pattern: Pattern = Pattern.CENTER
    on: Literal["base", "upright"] = "base"
    """Of a bracket, which leg."""
    depth: Length | None = None
    """None: through."""
    inset: Length | None = None
    """From the edges to the holes' middles."""
    spacing: Length | None = None
    """From one hole's middle to the next, in a line."""
    circle: Length | None = None
    """Diameter of the circle that the holes' middles are on."""


class Edges(BaseModel):
    """Edges that are rounded or cut off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["fillet", "chamfer"] = "fillet"
    size: Length
    """Radius of a fillet, width of a chamfer."""
    where: Literal["corners", "top", "all"] = "corners"
    """The upright edges, those around the top, or all."""


class Specification(BaseModel):
    """A part."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: AnyShape
    holes: Annotated[tuple[Holes, ...], Field(max_length=8)] = ()
    edges: Edges | None = None

    @model_validator(mode="after")
    def _can_be_built(self) -> "Specification":
        if self.holes:
            self._check_holes()
        if self.edges:
            _check_edges(self.shape, self.edges)
        return self

    @property
    def family(self) -> str:
        """What kind of part it is: `plate`, `gear`."""
        return self.shape.shape

    def spots(self, holes: Holes) -> tuple[Spot, ...]:
        """The middles of these holes, on their surface."""
        return spots_of(self._surface(holes), holes)

    def depth(self, holes: Holes) -> float:
        return min(holes.depth or math.inf, self._surface(holes).thickness)

    def _surface(self, holes: Holes) -> Surface:
        found = surface_of(self.shape, holes.on)
        if found is None:
            raise ValueError(f"holes can't be put into a {self.family} yet; ask for it without them")
        return found

    def _check_holes(self) -> None:
        placed: list[tuple[str, Spot, float]] = []
        for holes in self.holes:
            surface = self._surface(holes)
            for spot in spots_of(surface, holes):
                if not surface.holds(spot, holes.diameter / 2 + GAP, self._rounding()):
                    raise ValueError(
                        f"holes of {holes.diameter:g} mm don't fit there: they would cut into the edge"
                    )
                placed.append((holes.on, spot, holes.diameter))
        for (on, one, size), (other_on, other, other_size) in combinations(placed, 2):
            if on == other_on and math.dist(one, other) < (size + other_size) / 2 + GAP:
                raise ValueError(f"holes of {size:g} mm and {other_size:g} mm would run into each other")

    def _rounding(self) -> float:
        """The radius of the corners; a chamfer takes less than a fillet of its size would leave."""
        edges = self.edges
        return edges.size if edges and edges.where != "top" and edges.kind == "fillet" else 0.0


def _check_edges(shape: Shape, edges: Edges) -> None:
    match shape, edges.where:
        case (Box(), _) | (Cylinder(), "top" | "all"):
            pass
        case Enclosure(), "corners" if edges.kind == "fillet":
            pass
        case Cylinder(), _:
            raise ValueError("a round part has no corners; ask for rounded top edges")
        case _:
            raise ValueError(
                "edges can be rounded or cut on boxes, plates and cylinders, and corners of enclosures;"
                " ask for it without"
            )
    for name, most in _limits(shape, edges):
        if edges.size > most - 0.05:
            raise ValueError(f"a {edges.kind} of {edges.size:g} mm is too large for its {name}")


def _limits(shape: Shape, edges: Edges) -> Iterator[tuple[str, float]]:
    """What the size has to stay below."""
    match shape:
        case Box(length=length, width=width, height=height):
            yield "sides", min(length, width) / 2
            if edges.where != "corners":
                yield "height", height / (2 if edges.where == "all" else 1)
        case Enclosure(length=length, width=width):
            yield "sides", min(length, width) / 2
        case Cylinder(diameter=diameter, height=height):
            yield "diameter", diameter / 2
            yield "height", height / (2 if edges.where == "all" else 1)


__all__ = ["Bracket", "Edges", "Holes", "Pattern", "Specification"]
