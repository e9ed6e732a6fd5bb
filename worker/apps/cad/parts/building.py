"""The only code that touches the CAD kernel: each shape by its name, and nothing else can be asked of it."""

from typing import Any

import build123d as cad

from . import shapes
from .gear_teeth import outline
from .measures import prism_face
from .specification import Edges, Holes, Specification

UPRIGHT = (cad.Align.CENTER, cad.Align.CENTER, cad.Align.MIN)
BEYOND = 1.0
"""Millimetres that a drill goes on outside of the part."""


def build(spec: Specification) -> Any:
    """The part as one solid of build123d. What the kernel can't do raises, as anything."""
    part = _body(spec.shape, spec.edges)
    for holes in spec.holes:
        for u, v in spec.spots(holes):
            part -= _drill(spec.shape, holes, spec.depth(holes), u, v)
    return part


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
        case _:
            # A round body has a seam, which is no edge to a person.
            chosen = body.edges().filter_by(cad.GeomType.CIRCLE) or body.edges()
    if edges.kind == "fillet":
        return cad.fillet(chosen, edges.size)
    return cad.chamfer(chosen, edges.size)


def _drill(shape: shapes.Shape, holes: Holes, depth: float, u: float, v: float) -> Any:
    """What is taken out for one hole, where its surface is."""
    through = holes.depth is None
    length = depth + (2 * BEYOND if through else BEYOND)
    rod = _rod(holes.diameter, length)
    match shape:
        case shapes.Bracket() if holes.on == "upright":
            start = shape.thickness - length + BEYOND - shape.length / 2
            middle = (shape.height + shape.thickness) / 2
            return cad.Pos(start, v, middle + u) * cad.Rot(0, 90, 0) * rod
        case shapes.Bracket():
            return cad.Pos(u + shape.thickness / 2, v, shape.thickness + BEYOND - length) * rod
        case shapes.Channel():
            return cad.Pos(u, v, shape.thickness + BEYOND - length) * rod
        case shapes.Enclosure():
            return cad.Pos(u, v, shape.wall + BEYOND - length) * rod
        case shapes.Box() | shapes.Cylinder() | shapes.Flange() | shapes.Prism():
            return cad.Pos(u, v, shape.height + BEYOND - length) * rod
        case _:
            raise TypeError(f"{type(shape).__name__} has no surface for holes")
