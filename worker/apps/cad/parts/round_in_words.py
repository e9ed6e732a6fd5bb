"""Round shapes, and their sizes in a prompt: cylinders, tubes, flanges, spheres, cones, tori."""

from . import shapes
from .holes_in_words import Found
from .reading import OF, Q, Reading
from .sizes_in_words import (
    bore_of,
    diameter_of,
    doubled,
    group,
    height_of,
    paired,
    rest,
    screw_hole,
    standard_part,
    thickness_of,
)
from .standards import WASHERS
from .trouble import Trouble


def cylinder_of(kind: str, reading: Reading, holes: list[Found]) -> shapes.Shape:
    if (bore := bore_of(reading, [])) is not None:
        holes.append(Found(1, bore, "center"))
    diameter = diameter_of(reading, "outer") or diameter_of(reading)
    height = thickness_of(reading)
    height = height if height is not None else height_of(reading)
    diameter, height = paired(reading, diameter, height)
    if diameter is None:
        diameter = rest(reading)
    elif height is None:
        height = rest(reading, "height")
    usual = 5 if kind == "disc" else 20
    return shapes.Cylinder.model_validate(
        {
            "shape": kind,
            "diameter": reading.chose("diameter", 40 if kind == "disc" else 20, diameter),
            "height": reading.chose("thickness" if kind == "disc" else "height", usual, height),
        }
    )


def tube_of(kind: str, reading: Reading, holes: list[Found]) -> shapes.Shape:
    if kind == "washer" and (standard := standard_part(reading, WASHERS)):
        return shapes.Tube(
            shape="washer", inner_diameter=standard[0], outer_diameter=standard[1], height=standard[2]
        )
    if reading.has(rf"solid {kind}"):
        raise Trouble(f"A {kind} is hollow. Ask for a cylinder if it shall be solid.")
    sections = reading.take(rf"\bdiameter {Q} x {Q} x {Q}") if kind == "tube" else None
    wall = reading.named("(?:thick )?walls?(?: thickness| thick)?")
    screw = screw_hole(reading)
    inner = bore_of(reading, holes) or screw
    outer = diameter_of(reading, "outer") or diameter_of(reading)
    thick = reading.named("thickness", "thick")
    height = height_of(reading)
    if sections:
        outer, wall, height = (reading.mm(each) for each in sections.groups())
        reading.notes.append(f"Taken as outer diameter {outer:g}, wall {wall:g} and length {height:g} mm.")
    if thick is not None and height is not None and wall is None:
        wall = thick
    elif height is None:
        height = thick
    sizes = sorted(group(reading)[:3]) if inner is None and outer is None else []
    if (len(sizes) == 3 and height is None) or (len(sizes) == 2 and height is not None):
        inner, outer, height = _from_group(sizes, kind, height)
    elif sizes:
        raise Trouble("Give a tube's outer diameter, inner diameter and length, each with its name.")
    inner, outer = _through_wall(inner, outer, wall)
    if height is None:
        height = rest(reading, "thickness" if kind == "washer" else "length")
    outer = reading.chose("outer diameter", 20, outer)
    inner = reading.chose("inner diameter", round(outer * 0.6, 3), inner)
    usual = 2 if kind == "washer" else 20
    return shapes.Tube.model_validate(
        {
            "shape": kind,
            "outer_diameter": outer,
            "inner_diameter": inner,
            "height": reading.chose("thickness" if kind == "washer" else "length", usual, height),
        }
    )


def _from_group(sizes: list[float], kind: str, height: float | None) -> tuple[float, float, float]:
    """Inner, outer and length of `20x10x2` in any order: of a tube the longest is its length."""
    if len(sizes) == 2:
        assert height is not None
        return sizes[0], sizes[1], height
    if kind == "tube":
        return sizes[0], sizes[1], sizes[2]
    return sizes[1], sizes[2], sizes[0]


def _through_wall(
    inner: float | None, outer: float | None, wall: float | None
) -> tuple[float | None, float | None]:
    if wall is not None and outer is not None and inner is None:
        inner = outer - 2 * wall
        if inner < 0.1:
            raise Trouble(
                f"This part can't be built: two walls ({2 * wall:g} mm) must be smaller than the outer"
                f" diameter ({outer:g} mm)."
            )
    elif wall is not None and inner is not None and outer is None:
        outer = inner + 2 * wall
    elif (
        wall is not None and inner is not None and outer is not None and abs(outer - inner - 2 * wall) > 0.01
    ):
        raise Trouble("The wall does not agree with the two diameters. Give two of the three.")
    return inner, outer


def flange_of(reading: Reading, holes: list[Found]) -> shapes.Shape:
    bore = bore_of(reading, holes)
    outer = diameter_of(reading, "outer") or diameter_of(reading)
    height = thickness_of(reading)
    height = height if height is not None else height_of(reading)
    outer, height = paired(reading, outer, height)
    if outer is None:
        outer = rest(reading)
    outer = reading.chose("outer diameter", 80, outer)
    for each in holes:
        each.pattern = each.pattern if each.pattern == "circle" else "circle"
    return shapes.Flange(
        outer_diameter=outer,
        bore=reading.chose("bore", round(outer * 0.3, 3), bore),
        height=reading.chose("thickness", 10, height),
    )


def sphere_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    diameter = diameter_of(reading)
    return shapes.Sphere(
        diameter=reading.chose("diameter", 30, diameter if diameter is not None else rest(reading))
    )


def cone_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    top = reading.length(
        rf"\btop (?:diameter )?{OF}{Q}", rf"{Q} (?:diameter )?(?:at the )?top(?: diameter)?\b"
    )
    bottom = reading.length(
        rf"\b(?:bottom|base) (?:diameter )?{OF}{Q}",
        rf"{Q} (?:diameter )?(?:at the )?(?:bottom|base)(?: diameter)?\b",
    )
    if bottom is None and top is None and (found := reading.take(rf"(?:from |diameter )+{Q} to {Q}")):
        bottom, top = reading.mm(found[1]), reading.mm(found[2])
    bottom = bottom if bottom is not None else diameter_of(reading)
    height = height_of(reading)
    bottom, height = paired(reading, bottom, height)
    return shapes.Cone(
        bottom_diameter=reading.chose("bottom diameter", 30, bottom),
        top_diameter=top or 0,
        height=reading.chose("height", 30, height),
    )


def torus_of(reading: Reading, _holes: list[Found]) -> shapes.Shape:
    section = doubled(reading.named("(?:minor|tube|section) radius"))
    major = reading.named("major diameter")
    major = major if major is not None else doubled(reading.named("major radius"))
    section = (
        section
        if section is not None
        else reading.length(
            rf"\b(?:section|cross section|cord|tube)(?: diameter)?{OF}{Q}",
            rf"{Q} (?:section|cross section|cord|thick)\b",
            rf"\b(?:thickness|thick){OF}{Q}",
        )
    )
    inner = diameter_of(reading, "inner")
    outer = diameter_of(reading, "outer") or diameter_of(reading)
    if inner is None and outer is None and section is None:
        # O-rings are named by their inner diameter and section.
        inner, section = paired(reading, None, None)
    section = reading.chose("section", 4, section)
    if outer is None and major is not None:
        outer = major + section
    if outer is None and inner is not None:
        outer = inner + 2 * section
    outer = outer if outer is not None else rest(reading)
    return shapes.Torus(outer_diameter=reading.chose("outer diameter", 40, outer), section_diameter=section)
