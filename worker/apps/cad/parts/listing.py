"""The part as build123d text for people to read and take along. It is shown, and never run."""

from collections.abc import Iterator

from . import shapes
from .gear_teeth import outline
from .holes import Holes
from .measures import prism_face
from .specification import Edges, Specification

HEAD = """\
# {family}, in millimetres. Run it with: pip install build123d
from build123d import *

UPRIGHT = (Align.CENTER, Align.CENTER, Align.MIN)
"""
FOOT = """
export_step(part, "part.step")
export_stl(part, "part.stl")
"""


def listing_of(spec: Specification) -> str:
    """A program that makes the same part."""
    lines = [*_body(spec.shape, spec.edges)]
    if spec.edges and not isinstance(spec.shape, shapes.Enclosure):
        lines.append(_edges(spec.shape, spec.edges))
    for holes in spec.holes:
        lines += _drilled(spec, holes)
    return HEAD.format(family=spec.family.capitalize()) + "\n".join(lines) + "\n" + FOOT


def _body(shape: shapes.Shape, edges: Edges | None) -> Iterator[str]:
    match shape:
        case shapes.Box():
            yield f"part = {_block(shape.length, shape.width, shape.height)}"
        case shapes.Cylinder():
            yield f"part = {_rod(shape.diameter, shape.height)}"
        case shapes.Tube(outer_diameter=outer, inner_diameter=inner, height=height):
            yield f"part = {_rod(outer, height)} - {_rod(inner, height)}"
        case shapes.Flange(outer_diameter=outer, bore=bore, height=height):
            yield f"part = {_rod(outer, height)} - {_rod(bore, height)}"
        case shapes.Bracket():
            aside = _number(-(shape.length - shape.thickness) / 2)
            yield f"part = {_block(shape.length, shape.width, shape.thickness)}"
            yield f"part += Pos({aside}, 0, 0) * {_block(shape.thickness, shape.width, shape.height)}"
        case shapes.Channel():
            inside = _block(shape.length, shape.width - 2 * shape.thickness, shape.height)
            yield f"part = {_block(shape.length, shape.width, shape.height)}"
            yield f"part -= Pos(0, 0, {_number(shape.thickness)}) * {inside}"
        case shapes.Enclosure():
            yield from _enclosure(shape, edges.size if edges else 0.0)
        case shapes.Sphere():
            radius = _number(shape.diameter / 2)
            yield f"part = Pos(0, 0, {radius}) * Sphere({radius})"
        case _:
            yield from _other_body(shape)


def _other_body(shape: shapes.Shape) -> Iterator[str]:
    match shape:
        case shapes.Cone():
            sizes = _numbers(shape.bottom_diameter / 2, shape.top_diameter / 2, shape.height)
            yield f"part = Cone({sizes}, align=UPRIGHT)"
        case shapes.Prism():
            yield from _extruded(prism_face(shape), shape.height, shape.bore)
        case shapes.Gear():
            yield from _extruded(outline(shape), shape.thickness, shape.bore)
        case shapes.Wedge():
            yield from _points(((0.0, 0.0), (shape.length, 0.0), (0.0, shape.height)))
            yield f"part = Rot(90, 0, 0) * {_prism(shape.width)}"
            yield f"part = Pos({_numbers(-shape.length / 2, shape.width / 2, 0)}) * part"
        case shapes.Torus():
            section = shape.section_diameter / 2
            ring = _numbers(shape.outer_diameter / 2 - section, section)
            yield f"part = Pos(0, 0, {_number(section)}) * Torus({ring})"


def _enclosure(shape: shapes.Enclosure, radius: float) -> Iterator[str]:
    yield f"part = {_block(shape.length, shape.width, shape.height)}"
    yield f"inside = {_block(shape.length - 2 * shape.wall, shape.width - 2 * shape.wall, shape.height)}"
    if radius:
        yield f"part = fillet(part.edges().filter_by(Axis.Z), {_number(radius)})"
    if radius > shape.wall:
        yield f"inside = fillet(inside.edges().filter_by(Axis.Z), {_number(radius - shape.wall)})"
    yield f"part -= Pos(0, 0, {_number(shape.wall)}) * inside"


def _extruded(points: tuple[tuple[float, float], ...], height: float, bore: float | None) -> Iterator[str]:
    yield from _points(points)
    yield f"part = {_prism(height, bore)}"


def _points(points: tuple[tuple[float, float], ...]) -> Iterator[str]:
    yield "points = ["
    for number in range(0, len(points), 4):
        yield "    " + " ".join(f"({_numbers(x, y)})," for x, y in points[number : number + 4])
    yield "]"


def _prism(height: float, bore: float | None = None) -> str:
    hole = f", [Wire.make_circle({_number(bore / 2)})]" if bore else ""
    face = f"Face(Wire.make_polygon([(x, y, 0) for x, y in points], close=True){hole})"
    return f"extrude({face}, amount={_number(height)}, dir=(0, 0, 1))"


def _edges(shape: shapes.Shape, edges: Edges) -> str:
    chosen = {
        "corners": "part.edges().filter_by(Axis.Z)",
        "top": "part.edges().group_by(Axis.Z)[-1]",
        "bottom": "part.edges().group_by(Axis.Z)[0]",
        "all": "part.edges()",
    }[edges.where]
    if isinstance(shape, shapes.Cylinder) and edges.where == "all":
        chosen = "part.edges().filter_by(GeomType.CIRCLE)"
    return f"part = {edges.kind}({chosen}, {_number(edges.size)})"


def _drilled(spec: Specification, holes: Holes) -> Iterator[str]:
    yield from _drill(holes, spec.depth(holes))
    spots = " ".join(f"({_numbers(u, v)})," for u, v in spec.spots(holes))
    yield f"for u, v in [{spots.rstrip(',') if holes.count > 1 else spots}]:"
    match spec.shape:
        case shapes.Bracket() as shape if holes.on == "upright":
            start = _number(shape.thickness - shape.length / 2)
            middle = _number((shape.height + shape.thickness) / 2)
            yield f"    part -= Pos({start}, v, {middle} + u) * Rot(0, 90, 0) * drill"
        case shapes.Bracket() as shape:
            place = f"u + {_number(shape.thickness / 2)}, v, {_number(shape.thickness)}"
            yield f"    part -= Pos({place}) * drill"
        case shapes.Channel(thickness=top) | shapes.Enclosure(wall=top):
            yield f"    part -= Pos(u, v, {_number(top)}) * drill"
        case shapes.Box(height=top) | shapes.Cylinder(height=top):
            yield f"    part -= Pos(u, v, {_number(top)}) * drill"
        case shapes.Tube(height=top) | shapes.Flange(height=top) | shapes.Prism(height=top):
            yield f"    part -= Pos(u, v, {_number(top)}) * drill"


def _drill(holes: Holes, depth: float) -> Iterator[str]:
    """What is taken out for one hole, below z = 0."""
    match holes.form:
        case "slot":
            face = f"SlotOverall({_numbers(holes.along, holes.diameter)})"
            straight = f"extrude({face}, amount={_number(depth)}, dir=(0, 0, 1))"
        case "rectangle":
            straight = _block(holes.along, holes.diameter, depth)
        case _:
            straight = _rod(holes.diameter, depth)
    yield f"drill = Pos(0, 0, {_number(-depth)}) * {straight}"
    if holes.head:
        down, radius = holes.head_depth, holes.head.diameter / 2
        cone = f"Cone({_numbers(holes.diameter / 2, radius, down)}, align=UPRIGHT)"
        wider = cone if holes.head.kind == "countersink" else _rod(2 * radius, down)
        yield f"drill += Pos(0, 0, {_number(-down)}) * {wider}"


def _block(length: float, width: float, height: float) -> str:
    return f"Box({_numbers(length, width, height)}, align=UPRIGHT)"


def _rod(diameter: float, height: float) -> str:
    return f"Cylinder({_numbers(diameter / 2, height)}, align=UPRIGHT)"


def _numbers(*values: float) -> str:
    return ", ".join(_number(value) for value in values)


def _number(value: float) -> str:
    """Exact to a nanometre, and without a tail of zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"
