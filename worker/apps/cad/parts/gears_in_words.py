"""Gears, and their sizes in a prompt: two of module, teeth and diameter are enough."""

import re

from . import shapes
from .holes_in_words import Found
from .reading import OF, Q, Reading
from .sizes_in_words import bare_number, bore_of, diameter_of, height_of, thickness_of
from .trouble import Trouble


def gear_of(reading: Reading, holes: list[Found]) -> shapes.Shape:
    teeth = reading.take(rf"{Q} ?-? ?(?:teeth|t\b)|\bteeth{OF}{Q}|\bz ?= ?{Q}")
    angle = reading.take(rf"pressure angle{OF}{Q}|{Q} pressure angle")
    module = reading.take(rf"\b(?:module|mod){OF}{Q}|{Q} module|\bm ?= ?{Q}")
    bore = bore_of(reading, holes) or None
    thickness = thickness_of(reading)
    thickness = thickness if thickness is not None else height_of(reading)
    outer = diameter_of(reading, "outer")
    pitch = reading.length(rf"\bpitch diameter{OF}{Q}", rf"{Q} pitch diameter") if outer is None else None
    outer = outer if outer is not None or pitch is not None else diameter_of(reading)
    count = bare_number(reading, teeth)
    if count is None:
        reading.notes.append("The number of teeth was not given; 20 were made.")
    if count is not None and count != int(count):
        raise Trouble(f"A gear has whole teeth, and {count:g} is no whole number.")
    whole = int(count) if count is not None else 20
    size = _module(reading, module, whole, outer, pitch)
    return shapes.Gear(
        module=size,
        teeth=whole,
        thickness=reading.chose("thickness", 8, thickness),
        bore=bore,
        pressure_angle=bare_number(reading, angle) or 20,
    )


def _module(
    reading: Reading, found: re.Match[str] | None, teeth: int, outer: float | None, pitch: float | None
) -> float:
    given = bare_number(reading, found)
    if given is None:
        threads = [each for each in reading.left_over() if reading.quantity(each).is_thread]
        if threads:  # a gear's M2 is its module
            reading.take(f"<{threads[0]}>")
            given = reading.quantity(threads[0]).number
    implied = outer / (teeth + 2) if outer is not None else pitch / teeth if pitch else None
    if given is not None and implied is not None and abs(given - implied) > 0.01 * given:
        raise Trouble(
            f"Module {given:g} with {teeth} teeth makes {given * (teeth + 2):g} mm outside. Give the module"
            " or the diameter, not both."
        )
    return given if given is not None else reading.chose("module", 2, implied)
