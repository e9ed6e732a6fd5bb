"""The only code that touches the CAD kernel: each shape by its name, and nothing else can be asked of it."""

from typing import Any

import build123d as cad

from . import shapes
from .gear_teeth import outline
from .holes import Holes
from .measures import prism_face
from .specification import Edges, Specification

UPRIGHT = (cad.Align.CENTER, cad.Align.CENTER, cad.Align.MIN)
BEYOND = 1.0
"""Millimetres that a drill goes on outside of the part."""


def build(spec: Specification) -> Any:
    """The part as one solid of build123d. What the kernel can't do raises, as anything."""
    body = _body(spec.shape, spec.edges)
    drills = [
        _drill(spec.shape, holes, spec.depth(holes), u, v)
        for holes in spec.holes
        for u, v in spec.spots(holes)
    ]
    # Taken out at once: one by one, two hundred holes take ten times as long.
    return body - drills if drills else body


def _body(shape: shapes.Shape, edges: Edges | None) -> Any:  # noqa: PLR0911  # one for each shape
    match shape:
        case shapes.Box():
            return _with_edges(_block(shape.length, shape.width, shape.height), edges)
        case shapes.Cylinder():
            return _with_edges(_rod(shape.diameter, shape.height), edges)
        case shapes.Tube():
            return _rod(shape.outer_diameter, shape.height) - _bore(shape.inner_diameter, shape.height)
        case shapes.Flange():
            return _rod(shape.outer_diameter, shape.height) - _bore(shape.bore, shape.height)
        case shapes.Bracket():
            upright = _block(shape.thickness, shape.width, shape.height)
            aside = cad.Pos(-(shape.length - shape.thickness) / 2, 0, 0)
            return _block(shape.length, shape.width, shape.thickness) + aside * upright
        case shapes.Channel():
            inside = _block(
                shape.length + 2 * BEYOND, shape.width - 2 * shape.thickness, shape.height + BEYOND
            )
            outside = _block(shape.length, shape.width, shape.height)
            return outside - cad.Pos(0, 0, shape.thickness) * inside
        case shapes.Enclosure():
            return _enclosure(shape, edges.size if edges else 0.0)
        case shapes.Sphere():
            return cad.Pos(0, 0, shape.diameter / 2) * cad.Sphere(shape.diameter / 2)
        case shapes.Cone():
            return cad.Cone(shape.bottom_diameter / 2, shape.top_diameter / 2, shape.height, align=UPRIGHT)
        case _:
            return _other_body(shape)


def _other_body(shape: shapes.Shape) -> Any:
    match shape:
        case shapes.Prism():
            return _extruded(prism_face(shape), shape.height, shape.bore)
        case shapes.Gear():
            return _extruded(outline(shape), shape.thickness, shape.bore)
        case shapes.Wedge():
            side = ((0.0, 0.0), (shape.length, 0.0), (0.0, shape.height))
            lying = cad.Rot(90, 0, 0) * _extruded(side, shape.width)
            return cad.Pos(-shape.length / 2, shape.width / 2, 0) * lying
        case shapes.Torus():
            section = shape.section_diameter / 2
            ring = cad.Torus(shape.outer_diameter / 2 - section, section)
            return cad.Pos(0, 0, section) * ring
        case _:
            raise TypeError(f"{type(shape).__name__} is not among the shapes")


def _block(length: float, width: float, height: float) -> Any:
    return cad.Box(length, width, height, align=UPRIGHT)


def _rod(diameter: float, height: float) -> Any:
    return cad.Cylinder(diameter / 2, height, align=UPRIGHT)


def _bore(diameter: float, height: float) -> Any:
    return cad.Pos(0, 0, -BEYOND) * _rod(diameter, height + 2 * BEYOND)


def _extruded(points: tuple[tuple[float, float], ...], height: float, bore: float | None = None) -> Any:
    """A bore is part of the face: cut out of a solid with hundreds of sides it takes the kernel long."""
    around = cad.Wire.make_polygon([(x, y, 0) for x, y in points], close=True)
    face = cad.Face(around, [cad.Wire.make_circle(bore / 2)] if bore else [])
    return cad.Part() + cad.extrude(face, amount=height, dir=(0, 0, 1))


def _enclosure(shape: shapes.Enclosure, radius: float) -> Any:
    outside = _block(shape.length, shape.width, shape.height)
    inside = _block(shape.length - 2 * shape.wall, shape.width - 2 * shape.wall, shape.height)
    if radius:
        outside = cad.fillet(outside.edges().filter_by(cad.Axis.Z), radius)
    if radius > shape.wall:
        inside = cad.fillet(inside.edges().filter_by(cad.Axis.Z), radius - shape.wall)
    return outside - cad.Pos(0, 0, shape.wall) * inside


def _with_edges(body: Any, edges: Edges | None) -> Any:
    if edges is None:
        return body
    match edges.where:
        case "corners":
            chosen = body.edges().filter_by(cad.Axis.Z)
        case "top":
            chosen = body.edges().group_by(cad.Axis.Z)[-1]
        case "bottom":
            chosen = body.edges().group_by(cad.Axis.Z)[0]
        case _:
            # A round body has a seam, which is no edge to a person.
            chosen = body.edges().filter_by(cad.GeomType.CIRCLE) or body.edges()
    if edges.kind == "fillet":
        return cad.fillet(chosen, edges.size)
    return cad.chamfer(chosen, edges.size)


def _drill(shape: shapes.Shape, holes: Holes, depth: float, u: float, v: float) -> Any:
    """What is taken out for one hole, where its surface is."""
    match shape:
        case shapes.Bracket() if holes.on == "upright":
            middle = (shape.height + shape.thickness) / 2
            place = cad.Pos(shape.thickness - shape.length / 2, v, middle + u) * cad.Rot(0, 90, 0)
        case shapes.Bracket():
            place = cad.Pos(u + shape.thickness / 2, v, shape.thickness)
        case shapes.Channel(thickness=top) | shapes.Enclosure(wall=top):
            place = cad.Pos(u, v, top)
        case shapes.Box() | shapes.Cylinder() | shapes.Tube() | shapes.Flange() | shapes.Prism():
            place = cad.Pos(u, v, shape.height)
        case _:
            raise TypeError(f"{type(shape).__name__} has no surface for holes")
    return place * _tool(holes, depth)


def _tool(holes: Holes, depth: float) -> Any:
    """It goes down from the plane z = 0, and a little beyond the part at each open end."""
    below = depth + (BEYOND if holes.depth is None else 0.0)
    tool = cad.Pos(0, 0, -below) * _straight(holes, below + BEYOND)
    if holes.head is None:
        return tool
    down, radius = holes.head_depth, holes.head.diameter / 2
    if holes.head.kind == "counterbore":
        return tool + cad.Pos(0, 0, -down) * _rod(2 * radius, down + BEYOND)
    cone = cad.Cone(holes.diameter / 2, radius + BEYOND, down + BEYOND, align=UPRIGHT)
    return tool + cad.Pos(0, 0, -down) * cone


def _straight(holes: Holes, length: float) -> Any:
    match holes.form:
        case "slot":
            return cad.extrude(cad.SlotOverall(holes.along, holes.diameter), amount=length, dir=(0, 0, 1))
        case "rectangle":
            return _block(holes.along, holes.diameter, length)
        case _:
            return _rod(holes.diameter, length)
