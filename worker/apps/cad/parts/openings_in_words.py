"""Finds slots and rectangular openings in a prompt: `two 20x5 mm slots`, `a rectangular cutout 30x20`."""

import re
from typing import Literal

from .hole_patterns import N
from .holes_in_words import Found, pieces_of
from .reading import Reading
from .trouble import Trouble

WORD = (
    r"(?:(?P<square>square) |rectangular |(?P<slot>slotted |long ))?"
    r"(?:holes?|openings?|cutouts?|windows?|pockets?)|(?P<slots>slots?)"
)
OPENING = re.compile(
    rf"(?:(?P<count>{N}) )?(?:(?P<length>{N}) (?:x|by|long,?(?: and)?) (?P<width>{N}) (?:wide )?)?"
    rf"(?:(?P<side>{N}) )?(?:through )?"
    rf"\b(?:{WORD})\b"
)
IS_ONE = re.compile(r"square|rectangular|slot|long |opening|cutout|window|pocket")
SIZE = re.compile(
    rf"^ ?[,(]? ?(?:(?:of|with|each|a|is|are|size|sized) )*(?:(?P<length>{N}) (?:x|by) (?P<width>{N})"
    rf"|(?P<long>{N}) long,?(?: and| x)? (?P<wide>{N}) wide"
    rf"|(?P<wide2>{N}) wide,?(?: and| x)? (?P<long2>{N}) long"
    rf"|length (?P<long3>{N}),?(?: and)? width (?P<wide3>{N})|(?P<side>{N})(?! ?(?:x|deep|from|apart)))"
)


def openings_in(reading: Reading) -> list[Found]:
    """Every kind of slot and rectangle that the prompt asks for; their words count as used."""
    found: list[Found] = []
    start = 0
    while match := OPENING.search(reading.text, start):
        if not IS_ONE.search(match[0]):
            start = match.end()
            continue
        holes, end = _sized(reading, match)
        end += pieces_of(reading, holes, end)
        reading.use(match.start(), end)
        found.append(holes)
    return found


def _sized(reading: Reading, match: re.Match[str]) -> tuple[Found, int]:
    """The opening, and where its sizes end."""
    form: Literal["slot", "rectangle"] = "slot" if match["slot"] or match["slots"] else "rectangle"
    sizes = match.groupdict()
    end = match.end()
    if (
        not sizes["length"]
        and not (sizes["side"] and match["square"])
        and (after := SIZE.match(reading.text[end:]))
    ):
        sizes |= {name: value for name, value in after.groupdict().items() if value}
        end += after.end()
    lengths = [sizes.get(name) for name in ("length", "long", "long2", "long3")]
    widths = [sizes.get(name) for name in ("width", "wide", "wide2", "wide3")]
    along, across = next(filter(None, lengths), None), next(filter(None, widths), None)
    if form == "rectangle" and along is None and match["square"]:
        along = across = sizes["side"] or sizes["count"]
        sizes["count"] = sizes["count"] if sizes["side"] else None
    if along is None or across is None:
        raise Trouble("A slot or an opening needs its length and its width: slot 30x6 mm, cutout 30x20 mm.")
    length, width = (reading.mm(each.strip("<>")) for each in (along, across))
    return Found(_count(reading, match, sizes["count"]), width, more={"form": form, "length": length}), end


def _count(reading: Reading, match: re.Match[str], given: str | None) -> int:
    if given is None:
        if match[0].endswith("s"):
            raise Trouble("How many slots or openings are meant? Write for example: two slots 30x6 mm.")
        return 1
    quantity = reading.quantity(given.strip("<>"))
    if not quantity.may_count:
        raise Trouble(f"I could not tell what {quantity.number:g} is for. Write: slot 30x6 mm.")
    return int(quantity.number)
