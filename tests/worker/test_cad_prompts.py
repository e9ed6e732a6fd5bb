"""The built-in rules of the CAD app: the right part or a clear sentence, told by numbers."""

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cad.openings import OPENINGS
from tests.cad.prompts import GEARS, MADE, REFUSED, Wanted
from tests.cad.wordings import MISUNDERSTOOD, SAID, WORDINGS
from worker.apps import read_app
from worker.apps.cad.parts.gear_teeth import area, outline
from worker.apps.cad.parts.measures import Measures, measures_of
from worker.apps.cad.parts.rules import plan
from worker.apps.cad.parts.shapes import Gear
from worker.apps.cad.parts.trouble import Trouble
from worker.apps.cad.parts.unused_numbers import notes_on
from worker.contract import App


@pytest.mark.parametrize("wanted", [*MADE, *OPENINGS, *WORDINGS], ids=lambda wanted: wanted.prompt)
def test_a_prompt_becomes_the_part_that_it_describes(wanted: Wanted) -> None:
    spec, _ = plan(wanted.prompt)

    assert spec.family == wanted.family
    assert measures_of(spec).differs(Measures(volume=wanted.volume, box=wanted.box)) is None


@pytest.mark.parametrize(("prompt", "gear"), GEARS, ids=[prompt for prompt, _ in GEARS])
def test_a_gear_has_the_teeth_and_the_module_that_were_asked_for(prompt: str, gear: Gear) -> None:
    assert plan(prompt)[0].shape == gear


@pytest.mark.parametrize("gear", [gear for _, gear in GEARS], ids=str)
def test_a_gear_reaches_from_root_to_tip_and_fills_half_of_the_room_between(gear: Gear) -> None:
    points = outline(gear)
    radii = [(x**2 + y**2) ** 0.5 for x, y in points]

    assert max(radii) == pytest.approx(gear.module * (gear.teeth + 2) / 2)
    assert min(radii) == pytest.approx(gear.module * (gear.teeth - 2.5) / 2)
    full, empty = 3.14159 * max(radii) ** 2, 3.14159 * min(radii) ** 2
    assert 0.4 < (area(points) - empty) / (full - empty) < 0.6


NO_PARTS = REFUSED | MISUNDERSTOOD


@pytest.mark.parametrize(
    ("prompt", "says"), NO_PARTS.items(), ids=[prompt or "nothing" for prompt in NO_PARTS]
)
def test_what_makes_no_sense_is_refused_with_a_sentence(prompt: str, says: str) -> None:
    with pytest.raises(Trouble, match=re.escape(says)) as refused:
        plan(prompt)

    assert re.fullmatch(r"[A-Z0-9].*[.]", str(refused.value))


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("box 40x30", "The height was not given; 20 mm was taken."),
        ("plate 80x50x5 with M4 holes", "4.5 mm wide, so that the screw passes"),
        ("plate 80x50x5 with 6 mm holes", "The number of holes was not given; 4 were made."),
        ("enclosure for a raspberry pi, 90 x 60 x 30 mm", "left out: raspberry"),
        ("gear module 2", "20 were made"),
        *SAID,
    ],
)
def test_what_was_taken_for_granted_is_said(prompt: str, note: str) -> None:
    assert note in " ".join(plan(prompt)[1])


def test_of_a_language_models_part_the_numbers_that_it_left_out_are_said() -> None:
    spec, _ = plan("plate 80x50x5 with four M5 holes")

    assert len(notes_on("8 x 5 cm plate, 5 mm, four M5 holes", spec)) == 1
    (_, left_out) = notes_on("plate 80x50x5, four M5 holes, 12 mm from the edges", spec)
    assert "no size of the part: 12." in left_out


def test_nothing_is_said_where_everything_was_given() -> None:
    assert plan("80x50 mm plate, 5 mm thick, four 6 mm holes, 4 mm fillet")[1] == ()


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=200)
    | st.from_regex(r"(plate|tube|gear|box) [0-9x,./ mc\"-]{0,40}( holes?)?", fullmatch=True)
)
def test_no_prompt_does_anything_but_make_a_part_or_a_sentence(prompt: str) -> None:
    try:
        spec, _ = plan(prompt)
    except Trouble as trouble:
        assert str(trouble)
    else:
        assert measures_of(spec).volume > 0


def test_each_example_of_the_page_and_each_probe_of_the_worker_is_a_part() -> None:
    app = read_app(App.CAD)
    program = ast.parse((app.folder / "app.py").read_text())
    (examples,) = (
        ast.literal_eval(node.value)
        for node in program.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES"
    )

    assert len(examples) >= 5
    for prompt in (*examples, *(str(probe.inputs["prompt"]) for probe in app.probes)):
        _, notes = plan(prompt)
        assert [note for note in notes if "so that the screw passes" not in note] == [], prompt


def test_what_the_worker_expects_of_its_probes_is_what_the_rules_say() -> None:
    for probe in read_app(App.CAD).probes:
        expected = measures_of(plan(str(probe.inputs["prompt"]))[0])
        assert expected.volume == pytest.approx(probe.expected["volume"], rel=1e-6)
        assert expected.box == pytest.approx(tuple(probe.expected["box"]))  # type: ignore[arg-type]  # a list
