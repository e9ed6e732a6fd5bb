"""Numbers and units as people write them: 2,5 cm · 1 1/2" · 3/8 inch · ø 40 · M5 · four · 80x50x5 mm."""

import re
import unicodedata
from dataclasses import dataclass, replace

from .number_words import COUNTED, WORDS, joined
from .trouble import Trouble

UNITS = {
    **dict.fromkeys(
        (
            "mm",
            "millimeter",
            "millimeters",
            "millimetre",
            "millimetres",
            "mms",
            "毫米",
            "мм",
            "milímetros",
            "millimètres",
        ),
        1.0,
    ),
    **dict.fromkeys(
        (
            "cm",
            "centimeter",
            "centimeters",
            "centimetre",
            "centimetres",
            "zentimeter",
            "厘米",
            "см",
            "centímetros",
            "centimètres",
        ),
        10.0,
    ),
    **dict.fromkeys(("dm", "decimeter", "decimeters", "dezimeter"), 100.0),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1000.0),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), 1e6),
    **dict.fromkeys(
        ("inch", "inches", "in", "zoll", "pouce", "pouces", "pulgada", "pulgadas", '"', "''"), 25.4
    ),
    **dict.fromkeys(("ft", "foot", "feet", "fuß", "'"), 304.8),
    **dict.fromkeys(("yd", "yard", "yards"), 914.4),
    **dict.fromkeys(("mil", "mils", "thou"), 0.0254),
    **dict.fromkeys(("µm", "μm", "um", "micron", "microns"), 0.001),
    **dict.fromkeys(("nm", "nanometer", "nanometers"), 1e-6),
    **dict.fromkeys(("°", "deg", "degree", "degrees", "grad"), 0.0),
    **dict.fromkeys(("kg", "gram", "grams", "gramm", "lb", "lbs", "pound", "pounds"), 0.0),
    **dict.fromkeys(("liter", "liters", "litre", "litres", "ml", "px", "pixel", "pixels"), 0.0),
    **dict.fromkeys(("percent", "%"), 0.0),
}
"""Millimetres of each; 0 where it is no length."""
_UNIT = "|".join(sorted((each for each in UNITS if each.isalpha() and each != "in"), key=len, reverse=True))
_IN = (
    r"in(?=\s*(?:[x.,;)]|$|long|wide|tall|thick|deep|high|diameter|dia\b|by\b|hole|cube|box|plate|radius"
    r"|od\b|id\b))"
)
_FEET = r"'(?=\s*(?:x\b|x?\s*\d|by\b|long|wide|tall|high|deep|thick))"
_MARK = rf"\"|''|{_FEET}|°|%(?!\w)"
NUMBER = re.compile(
    r"(?P<mixed>\d+[\s-]+\d+/\d+|\d+/\d+)|(?P<plain>\d+(?:\.\d+)?)",
)
WITH_UNIT = re.compile(
    rf"(?P<thread>\bm(?P<nominal>\d+(?:\.\d+)?)\b)"
    rf"|(?:{NUMBER.pattern}|\b(?P<word>{WORDS})\b)\s*-?\s*(?P<unit>(?:{_UNIT})\b|{_IN}|{_MARK})?"
)
FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅓": "1/3"}


@dataclass(frozen=True)
class Quantity:
    """A number of the prompt. `unit` is in millimetres; None where none was written."""

    number: float
    unit: float | None = None
    is_thread: bool = False
    """Whether it is the size of a metric screw."""
    written: str = ""

    @property
    def said(self) -> str:
        """The number, as it was written where it is a fraction."""
        fraction = re.match(r"[\d\s-]*/\d+", self.written)
        return fraction[0] if fraction else f"{self.number:g}"

    @property
    def may_count(self) -> bool:
        return self.unit is None and not self.is_thread and self.number == int(self.number) > 0


def marked(prompt: str) -> tuple[str, list[Quantity]]:
    """The prompt in small letters with `<0>`, `<1>` … for its numbers, and these. Trouble where a number can
    be read in two ways or is below zero."""
    text = _plain(prompt)
    quantities: list[Quantity] = []

    def mark(found: re.Match[str]) -> str:
        quantities.append(_quantity(found))
        return f" <{len(quantities) - 1}> "

    text = re.sub(r"\s+", " ", WITH_UNIT.sub(mark, text)).strip()
    return text, _with_units(text, quantities)


def _plain(prompt: str) -> str:
    text = prompt
    for sign, written in FRACTIONS.items():
        text = text.replace(sign, f" {written}")
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[<>#|`\\{}\[\]]", " ", text)
    text = re.sub(r"[×✕*]", " x ", re.sub(r"[−–—]", "-", re.sub(r"[”“″]", '"', text)))
    text = re.sub(r"[øØ⌀ϕφ]\s*", " diameter ", text)
    text = re.sub(r"\bhalf (?:an )?(?=inch)", "1/2 ", re.sub(r"\bquarter (?:of an )?(?=inch)", "1/4 ", text))
    text = re.sub(
        r"\b(in|ft|mm|cm)\.(?= (?:x|by|long|wide|thick|tall|high|deep|diameter|dia)\b)", r"\1", text
    )
    return _decimals(joined(re.sub(r"\bmal(?= \d)", "x", text)))


def _decimals(text: str) -> str:
    if found := re.search(r"(?:(?<=[\s(=:x])|^)-\d[\d.,]*|\bminus \d[\d.,]*", text):
        raise Trouble(
            f"A part can't have a size below zero ({found[0].strip()}). Write it without the minus."
        )
    if found := re.search(r"\d\s?(?:-|\.\.+)\s?\d+(?![\d/])", text):
        raise Trouble(f"{found[0]} is a range. Give one number for each size.")
    text = re.sub(r"\b(\d{1,3})\.(\d{3}),(\d+)", r"\1\2.\3", text)
    text = re.sub(r"\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?){2,}", lambda found: found[0].replace(",", " x "), text)
    if found := re.search(r"(?<![\d.,])[1-9]\d*,\d{3}(?!\d)", text):
        one, other = found[0].replace(",", "."), found[0].replace(",", "")
        raise Trouble(f"{found[0]} can be read as {one} or as {other}. Write it without the comma.")
    if found := re.search(r"(?<![\d.])[1-9]\d{0,2}\.000(?=\s*mm)", text):
        raise Trouble(f"{found[0]} mm can be read in two ways. Write it without the point.")
    text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    return re.sub(r"(?<![\d.])\.(\d)", r"0.\1", text)


def _quantity(found: re.Match[str]) -> Quantity:
    if found["thread"]:
        return Quantity(float(found["nominal"]), is_thread=True, written=found[0])
    unit = UNITS.get(found["unit"] or "")
    if found["mixed"]:
        *whole, fraction = re.split(r"[\s-]+", found["mixed"])
        top, bottom = (int(each) for each in fraction.split("/"))
        if not bottom:
            raise Trouble(f"{fraction} is no number.")
        return Quantity(sum(map(int, whole)) + top / bottom, unit, written=found[0])
    number = COUNTED[found["word"]] if found["word"] else float(found["plain"])
    return Quantity(number, unit, written=found[0].strip())


def _with_units(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """In `80x50x5 cm` the unit is meant for all three."""
    completed = list(quantities)
    for group in re.findall(r"<\d+>(?: ?(?:x|by) ?<\d+>)+(?! ?(?:\w+ )?(?:\w+ )?holes?)", text):
        members = [int(each) for each in re.findall(r"\d+", group)]
        units = {quantities[each].unit for each in members} - {None}
        if len(units) == 1:
            for each in members:
                completed[each] = replace(completed[each], unit=next(iter(units)))
    return completed
