"""Every prompt of the list, made by the CAD kernel: volume, size and files against numbers made by hand."""

import contextlib
from pathlib import Path
from typing import Any

import build123d
import ezdxf
import ezdxf.bbox
import pytest

from tests.cad.openings import OPENINGS
from tests.cad.prompts import GEARS, MADE, Wanted
from worker.apps.cad.mesh import measured
from worker.apps.cad.parts.listing import listing_of
from worker.apps.cad.parts.measures import Measures, measures_of
from worker.apps.cad.parts.orders import Order
from worker.apps.cad.parts.rules import plan
from worker.apps.cad.parts.workshop import Workshop


@pytest.mark.parametrize("wanted", [*MADE, *OPENINGS], ids=lambda wanted: wanted.prompt)
def test_a_part_is_one_valid_solid_of_the_right_size_in_every_file(
    wanted: Wanted, workshop: Workshop, tmp_path: Path
) -> None:
    spec, _ = plan(wanted.prompt)
    expected = Measures(volume=wanted.volume, box=wanted.box)

    made = workshop.make(Order(spec=spec, folder=tmp_path))

    assert made.valid
    assert made.measures is not None and made.measures.differs(expected) is None
    assert made.read_back is not None and made.read_back.differs(expected) is None
    volume, box = measured(tmp_path / made.files["stl"])
    assert volume == pytest.approx(wanted.volume, rel=0.02)
    assert box == pytest.approx(wanted.box, rel=0.01, abs=0.02)
    step = build123d.import_step(str(tmp_path / made.files["step"]))
    assert step.volume == pytest.approx(wanted.volume, rel=1e-4)
    assert (tmp_path / made.files["glb"]).read_bytes().startswith(b"glTF")


@pytest.mark.parametrize("prompt", [prompt for prompt, _ in GEARS])
def test_a_gear_is_one_valid_solid_of_its_outlines_area(
    prompt: str, workshop: Workshop, tmp_path: Path
) -> None:
    spec, _ = plan(prompt)

    made = workshop.make(Order(spec=spec, folder=tmp_path))

    assert made.valid
    assert made.measures is not None and made.measures.differs(measures_of(spec)) is None
    assert made.faces > 5 * spec.shape.teeth  # type: ignore[union-attr]  # a gear


@pytest.mark.parametrize(
    ("prompt", "length", "width"),
    [
        ("80x50 mm plate, 5 mm thick, four 6 mm holes, 4 mm fillet", 80, 50),
        ("L bracket 60x40x45 with 4 mm thickness and two M5 holes", 60, 40),
        ("sphere of radius 15 mm", 30, 30),
        ("washer with 20 mm outer diameter, 10 mm inner diameter and 2 mm thick", 20, 20),
    ],
)
def test_a_sketch_is_the_outline_alone_in_its_own_size(
    prompt: str, length: float, width: float, workshop: Workshop, tmp_path: Path
) -> None:
    made = workshop.make(Order(spec=plan(prompt)[0], folder=tmp_path, flat=True))

    assert made.files.keys() == {"dxf"}
    drawing = ezdxf.readfile(tmp_path / made.files["dxf"])
    size = ezdxf.bbox.extents(drawing.modelspace()).size
    assert (size.x, size.y, size.z) == pytest.approx((length, width, 0), abs=0.01)


PROMPTS = [*(wanted.prompt for wanted in (*MADE, *OPENINGS)), *(prompt for prompt, _ in GEARS)]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_text_that_is_shown_makes_the_same_part(prompt: str, tmp_path: Path) -> None:
    """Only this test runs it: the app never does."""
    spec, _ = plan(prompt)
    names: dict[str, Any] = {}

    with contextlib.chdir(tmp_path):
        exec(listing_of(spec), names)

    size = names["part"].bounding_box().size
    shown = Measures(volume=names["part"].volume, box=(size.X, size.Y, size.Z))
    assert shown.differs(measures_of(spec)) is None
    assert {file.name for file in tmp_path.iterdir()} == {"part.step", "part.stl"}
