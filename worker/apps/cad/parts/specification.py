"""The one document that says what a part is. Whoever plans writes it; only `building.py` acts on it.

Nothing in it is code. What can't be built is refused here, with a sentence.
"""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .holes import Holes, Pattern
from .places import Spot, Surface, spots_of, surface_of
from .shapes import AnyShape, Box, Bracket, Cylinder, Enclosure, Length, Shape

GAP = 0.2
"""Millimetres of material that stay between two holes, and between a hole and an edge."""


class Edges(BaseModel):
    """Edges that are rounded or cut off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["fillet", "chamfer"] = "fillet"
    size: Length
    """Radius of a fillet, width of a chamfer."""
    where: Literal["corners", "top", "bottom", "all"] = "corners"
    """The upright edges, those around the top or the bottom, or all."""


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
        placed: list[tuple[Holes, Spot]] = []
        for holes in self.holes:
            surface = self._surface(holes)
            _check_depth(holes, surface)
            for spot in spots_of(surface, holes):
                self._check_spot(holes, surface, spot)
                placed.append((holes, spot))
        for (one, here), (other, there) in combinations(placed, 2):
            if one.on == other.on and _too_near(one, here, other, there):
                raise ValueError(
                    f"holes of {one.widest:g} mm and {other.widest:g} mm would run into each other"
                )

    def _check_spot(self, holes: Holes, surface: Surface, spot: Spot) -> None:
        margin = GAP + (self.edges.size if self.edges and self.edges.where != "corners" else 0.0)
        for x, y, radius in holes.ends():
            end = (spot[0] + x, spot[1] + y)
            if not surface.holds(end, radius + margin, self._rounding()):
                raise ValueError(
                    f"holes of {holes.widest:g} mm don't fit there: they would cut into the edge"
                )

    def _rounding(self) -> float:
        """The radius of the corners; a chamfer takes less than a fillet of its size would leave."""
        edges = self.edges
        return edges.size if edges and edges.where in {"corners", "all"} and edges.kind == "fillet" else 0.0


def _check_depth(holes: Holes, surface: Surface) -> None:
    thickness = surface.thickness
    if holes.depth is not None and holes.depth > thickness:
        raise ValueError(f"a hole {holes.depth:g} mm deep goes through {thickness:g} mm; leave its depth out")
    if holes.head_depth > min(holes.depth or thickness, thickness):
        raise ValueError(f"a {holes.head_depth:g} mm deep head does not fit into the hole")
    if surface.bore and holes.form != "round":
        raise ValueError("a part with a bore takes round holes only")


def _too_near(one: Holes, here: Spot, other: Holes, there: Spot) -> bool:
    (half, radius), (other_half, other_radius) = one.around(), other.around()
    beside = max(abs(here[0] - there[0]) - half - other_half, 0.0)
    return math.hypot(beside, here[1] - there[1]) < radius + other_radius + GAP


def _check_edges(shape: Shape, edges: Edges) -> None:
    match shape, edges.where:
        case (Box(), _) | (Cylinder(), "top" | "bottom" | "all"):
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
