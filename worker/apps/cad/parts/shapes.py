"""What a part can be: each shape with its sizes in millimetres, checked so that it can be built."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Length = Annotated[float, Field(ge=0.1, le=2000, allow_inf_nan=False)]
"""Millimetres."""


class Shape(BaseModel):
    """Stands on the plane z = 0, its middle above the origin."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(Shape):
    shape: Literal["box", "plate"] = "box"
    length: Length
    width: Length
    height: Length
    """Of a plate, its thickness."""


class Cylinder(Shape):
    shape: Literal["cylinder", "disc"] = "cylinder"
    diameter: Length
    height: Length


class Tube(Shape):
    shape: Literal["tube", "washer", "spacer", "ring"] = "tube"
    outer_diameter: Length
    inner_diameter: Length
    height: Length

    @model_validator(mode="after")
    def _is_hollow(self) -> "Tube":
        _smaller("inner diameter", self.inner_diameter, "outer diameter", self.outer_diameter)
        return self


class Flange(Shape):
    shape: Literal["flange"] = "flange"
    outer_diameter: Length
    bore: Length
    height: Length

    @model_validator(mode="after")
    def _has_a_rim(self) -> "Flange":
        _smaller("bore", self.bore, "outer diameter", self.outer_diameter)
        return self


class Bracket(Shape):
    """An L: the base lies along x, the upright stands at its end."""

    shape: Literal["bracket"] = "bracket"
    length: Length
    width: Length
    height: Length
    thickness: Length

    @model_validator(mode="after")
    def _has_legs(self) -> "Bracket":
        _smaller("thickness", self.thickness, "shorter leg", min(self.length, self.height))
        return self


class Channel(Shape):
    """A U: a base along x with two walls."""

    shape: Literal["channel"] = "channel"
    length: Length
    width: Length
    height: Length
    thickness: Length

    @model_validator(mode="after")
    def _is_open(self) -> "Channel":
        _smaller("two walls", 2 * self.thickness, "width", self.width)
        _smaller("thickness", self.thickness, "height", self.height)
        return self


class Enclosure(Shape):
    """A box that is open at the top."""

    shape: Literal["enclosure"] = "enclosure"
    length: Length
    width: Length
    height: Length
    wall: Length

    @model_validator(mode="after")
    def _is_hollow(self) -> "Enclosure":
        _smaller("two walls", 2 * self.wall, "shorter side", min(self.length, self.width))
        _smaller("wall", self.wall, "height", self.height)
        return self


class Sphere(Shape):
    shape: Literal["sphere"] = "sphere"
    diameter: Length


class Cone(Shape):
    shape: Literal["cone"] = "cone"
    bottom_diameter: Length
    top_diameter: Annotated[float, Field(ge=0, le=2000, allow_inf_nan=False)] = 0
    height: Length

    @model_validator(mode="after")
    def _narrows(self) -> "Cone":
        if math.isclose(self.bottom_diameter, self.top_diameter):
            raise ValueError("a cone whose two diameters are equal is a cylinder: ask for that")
        return self


class Prism(Shape):
    """A bar with equal sides, such as a hexagon; `bore` is a hole along its middle."""

    shape: Literal["prism"] = "prism"
    sides: Annotated[int, Field(ge=3, le=12)]
    across: Length
    """The diameter of the circle that its sides touch: of a hexagon, the width across flats."""
    height: Length
    bore: Length | None = None

    @model_validator(mode="after")
    def _has_walls(self) -> "Prism":
        if self.bore is not None:
            _smaller("bore", self.bore, "width across flats", self.across)
        return self


class Wedge(Shape):
    """A ramp: as high as `height` at one end of its length, and nothing at the other."""

    shape: Literal["wedge"] = "wedge"
    length: Length
    width: Length
    height: Length


class Torus(Shape):
    shape: Literal["torus"] = "torus"
    outer_diameter: Length
    section_diameter: Length

    @model_validator(mode="after")
    def _has_a_hole(self) -> "Torus":
        _smaller("two sections", 2 * self.section_diameter, "outer diameter", self.outer_diameter)
        return self


class Gear(Shape):
    """A spur gear with involute teeth."""

    shape: Literal["gear"] = "gear"
    module: Annotated[float, Field(ge=0.2, le=20)]
    teeth: Annotated[int, Field(ge=8, le=150)]
    thickness: Length
    bore: Length | None = None
    pressure_angle: Annotated[float, Field(ge=14.5, le=25)] = 20

    @model_validator(mode="after")
    def _has_a_body(self) -> "Gear":
        if self.tip_diameter > 2000:
            raise ValueError("the gear would be larger than 2000 mm")
        if self.bore is not None:
            _smaller("bore", self.bore, "diameter at the teeth's roots", self.root_diameter)
        return self

    @property
    def tip_diameter(self) -> float:
        return self.module * (self.teeth + 2)

    @property
    def root_diameter(self) -> float:
        return self.module * (self.teeth - 2.5)


AnyShape = Annotated[
    Box
    | Cylinder
    | Tube
    | Flange
    | Bracket
    | Channel
    | Enclosure
    | Sphere
    | Cone
    | Prism
    | Wedge
    | Torus
    | Gear,
    Field(discriminator="shape"),
]


def _smaller(what: str, size: float, other: str, limit: float) -> None:
    if size >= limit - 0.05:
        raise ValueError(f"the {what} ({size:g} mm) must be smaller than the {other} ({limit:g} mm)")
