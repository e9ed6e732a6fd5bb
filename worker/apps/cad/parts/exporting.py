"""The files of a part: STEP, STL and GLB of the solid, DXF of its outline; and what they hold."""

import warnings
from pathlib import Path
from typing import Any

import build123d as cad

from . import shapes
from .formats import FORMATS
from .measures import Measures
from .specification import Specification


def export(part: Any, spec: Specification, folder: Path, *, flat: bool) -> dict[str, str]:
    """Format to file name, in the folder. `flat`: the outline only."""
    names = {each: f"{spec.family}.{each}" for each in FORMATS if each == "dxf" or not flat}
    outline(part, spec, folder / names["dxf"])
    if not flat:
        cad.export_step(part, str(folder / names["step"]))
        cad.export_stl(part, str(folder / names["stl"]))
        cad.export_gltf(part, str(folder / names["glb"]), binary=True)
    return names


def outline(part: Any, spec: Specification, file: Path) -> None:
    """What a level cut through the part looks like from above, as closed lines in the plane."""
    height = cut_height(spec)
    cut = cad.Pos(0, 0, -height) * cad.section(part, section_by=cad.Plane.XY.offset(height))
    drawing = cad.ExportDXF(unit=cad.Unit.MM)
    drawing.add_layer("outline")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it calls a billionth of a millimetre not planar
        drawing.add_shape(cut.edges(), layer="outline")
    drawing.write(str(file))


def cut_height(spec: Specification) -> float:
    """Where the outline tells most: in the middle, of a bent part in its base."""
    match spec.shape:
        case shapes.Bracket(thickness=base) | shapes.Channel(thickness=base):
            return base / 2
        case shapes.Sphere(diameter=across) | shapes.Torus(section_diameter=across):
            return across / 2
        case shapes.Gear(thickness=height):
            return height / 2
        case shapes.Cone(height=height, bottom_diameter=bottom, top_diameter=top):
            return height * (0.001 if bottom > top else 0.999)
        case shapes.Wedge(height=height):
            return height * 0.001
        case shape:
            return float(shape.height) / 2


def measured(part: Any) -> Measures:
    size = part.bounding_box().size
    return Measures(volume=part.volume, box=(size.X, size.Y, size.Z))


def read_back(file: Path) -> Measures:
    """What a STEP file holds, measured by the kernel that reads it."""
    return measured(cad.import_step(str(file)))
