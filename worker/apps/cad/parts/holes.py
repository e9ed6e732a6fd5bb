"""Holes of one kind: round ones, slots and rectangular openings, where they are, and what they take away."""

import math
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .shapes import Length

MOST_HOLES = 200
Offset = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class Pattern(StrEnum):
    """Where holes are."""

    CENTER = "center"
    CORNERS = "corners"
    LINE = "line"
    GRID = "grid"
    """In rows."""
    CIRCLE = "circle"
    PLACE = "place"
    """One hole, where `at` says."""


class Head(BaseModel):
    """The wider part of a hole, for the head of a screw."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["countersink", "counterbore"]
    """A countersink has 90°."""
    diameter: Length
    depth: Length | None = None
    """Of a counterbore."""

    @model_validator(mode="after")
    def _has_a_depth(self) -> "Head":
        if (self.kind == "counterbore") is (self.depth is None):
            raise ValueError("a counterbore needs a depth, and a countersink has that of its 90°")
        return self


class Holes(BaseModel):
    """Holes of one kind, and their pattern."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    diameter: Length
    """Of a slot or a rectangle, its width."""
    form: Literal["round", "slot", "rectangle"] = "round"
    length: Length | None = None
    """Of a slot or a rectangle, from end to end; it lies along the part's length."""
    head: Head | None = None
    count: Annotated[int, Field(ge=1, le=MOST_HOLES)] = 1
    pattern: Pattern = Pattern.CENTER
    on: Literal["base", "upright"] = "base"
    """Of a bracket, which leg."""
    depth: Length | None = None
    """None: through."""
    rows: Annotated[int, Field(ge=1, le=50)] | None = None
    """Of a grid; two if it is not said. They lie along the length."""
    at: tuple[Offset, Offset] | None = None
    """From the surface's middle, along length and width."""
    inset: Length | None = None
    """From the edges to the holes' middles."""
    spacing: Length | None = None
    """From one hole's middle to the next, in a line or a grid."""
    circle: Length | None = None
    """Diameter of the circle that the holes' middles are on."""

    @model_validator(mode="after")
    def _has_a_form(self) -> "Holes":
        if (self.form == "round") is (self.length is not None):
            raise ValueError("a slot and a rectangle have a length, and a round hole has none")
        if self.form == "slot" and self.along <= self.diameter:
            raise ValueError(f"a slot must be longer ({self.along:g} mm) than wide ({self.diameter:g} mm)")
        if self.head and (self.form != "round" or self.head.diameter <= self.diameter):
            raise ValueError("a countersink or counterbore must be wider than its hole, which must be round")
        return self

    @property
    def along(self) -> float:
        """From end to end, along the length."""
        return self.length or self.diameter

    @property
    def widest(self) -> float:
        """The diameter of a round hole with its head."""
        return self.head.diameter if self.head else self.diameter

    @property
    def head_depth(self) -> float:
        if self.head is None:
            return 0.0
        return self.head.depth or (self.head.diameter - self.diameter) / 2

    def volume(self, depth: float) -> float:
        """Of one hole so deep."""
        return self._face() * depth + self._head_volume()

    def ends(self) -> tuple[tuple[float, float, float], ...]:
        """What must be inside of a surface: circles around the hole's middle, with their radius."""
        if self.form == "rectangle":
            x, y = self.along / 2, self.diameter / 2
            return (-x, -y, 0.0), (x, -y, 0.0), (x, y, 0.0), (-x, y, 0.0)
        aside = (self.along - self.diameter) / 2
        return (-aside, 0.0, self.widest / 2), (aside, 0.0, self.widest / 2)

    def around(self) -> tuple[float, float]:
        """A line along the length and a distance from it that the hole stays within: half of it, and that."""
        if self.form == "rectangle":
            half = max(self.along - self.diameter, 0.0) / 2
            return half, math.hypot(self.along / 2 - half, self.diameter / 2)
        return (self.along - self.diameter) / 2, self.widest / 2

    def _face(self) -> float:
        if self.form == "rectangle":
            return self.along * self.diameter
        return math.pi / 4 * self.diameter**2 + (self.along - self.diameter) * self.diameter

    def _head_volume(self) -> float:
        if self.head is None:
            return 0.0
        inner, outer = self.diameter / 2, self.head.diameter / 2
        if self.head.kind == "counterbore":
            return math.pi * (outer**2 - inner**2) * self.head_depth
        return math.pi * self.head_depth * ((outer**2 + outer * inner + inner**2) / 3 - inner**2)
