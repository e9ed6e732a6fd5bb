"""Which shape a prompt means. Each has a function that asks the reading for its sizes."""

import re
from collections.abc import Callable
from functools import partial
from itertools import combinations

from . import shapes
from .gears_in_words import gear_of
from .holes_in_words import Found
from .reading import Q, Reading
from .round_in_words import cone_of, cylinder_of, flange_of, sphere_of, torus_of, tube_of
from .sizes_in_words import GROUP
from .straight_in_words import box_of, bracket_of, channel_of, enclosure_of, polygon_of, prism_of, wedge_of
from .trouble import Trouble

KNOWN = (
    "boxes, plates, cylinders, discs, tubes, washers, spacers, rings, flanges, L brackets, U channels,"
    " enclosures, spheres, cones, prisms, wedges, tori and spur gears"
)
NAMES = (
    *("plate", "disc", "box", "cube", "cylinder", "tube", "washer", "spacer", "ring", "flange", "bracket"),
    *("channel", "enclosure", "sphere", "cone", "prism", "wedge", "torus", "gear", "nut"),
)
"""Of these a part is one, and never two, but for those that describe another."""
DESCRIBED = {
    "bracket": {"plate", "channel"},
    "flange": {"plate", "disc", "ring", "tube"},
    "washer": {"disc", "ring"},
    "spacer": {"tube", "cylinder", "ring", "disc", "plate"},
    "enclosure": {"box", "cube"},
    "gear": {"disc", "plate"},
    "cone": {"cylinder"},
    "torus": {"ring", "tube"},
    "prism": {"box", "cylinder", "nut"},
    "channel": {"plate"},
    "wedge": {"box"},
    "disc": {"plate", "cylinder", "ring"},
    "tube": {"cylinder", "ring"},
    "cube": {"box"},
}
ANY = "|".join(NAMES)
Maker = Callable[[Reading, list[Found]], shapes.Shape]


def shape_in(reading: Reading, holes: list[Found]) -> tuple[shapes.Shape, list[Found]] | None:
    """The shape and the holes that are still to be made in it; None where no shape is named."""
    _check_that_it_is_one(reading)
    for words, make in BY_WORD:
        if reading.has(words):
            kept = list(holes)
            return make(reading, kept), kept
    if reading.take(rf"(?={GROUP})"):
        reading.notes.append("The prompt names no part that the rules know; a box was made of its sizes.")
        return box_of("box", reading, holes), list(holes)
    return None


def _check_that_it_is_one(reading: Reading) -> None:
    """Trouble where a second part is named, or several of the one."""
    several = re.search(rf"{Q} (?:(?!sided)[^\W\d_]+ )?({ANY})(?:e?s)?\b", reading.words)
    if several and reading.quantity(several[1]).number > 1 and _counts(reading, several):
        raise Trouble(f"One part is made at a time. Ask for one {several[2]}, and print it more often.")
    named = [name for name in NAMES if re.search(rf"\b{name}(?:e?s)?\b", reading.words)]
    reading.has("|".join(named) or "(?!)")
    for one, other in combinations(named, 2):
        if other not in DESCRIBED.get(one, ()) and one not in DESCRIBED.get(other, ()):
            raise Trouble(f"Two parts are named ({one} and {other}). Ask for one part at a time.")
        reading.notes.append(f"“{one}” and “{other}” were taken as one part.")


def _counts(reading: Reading, found: re.Match[str]) -> bool:
    """Whether the number before a part says how many: `three washers`, and not `20 cube`."""
    quantity = reading.quantity(found[1])
    return quantity.may_count and (found[0].endswith("s") or not quantity.written[:1].isdigit())


BY_WORD: tuple[tuple[str, Maker], ...] = (
    ("gears?", gear_of),
    ("enclosures?", enclosure_of),
    (r"(?:open|hollow) (?:top(?:ped)? )?(?:\w+ )?box|hollow (?:cube|box)", enclosure_of),
    (r"(?:box(?:es)?|cube)\b(?=.*\b(?:walls?|hollow|open|inner)\b)", enclosure_of),
    (r"(?:walls?|hollow|inner)\b(?=.*\b(?:box|cube)\b)", enclosure_of),
    ("flanges?", flange_of),
    ("washers?", partial(tube_of, "washer")),
    ("hexagon spacers?", partial(prism_of, 6)),
    ("spacers?", partial(tube_of, "spacer")),
    ("torus", torus_of),
    ("u[ -]?(?:channels?|profiles?|brackets?|shaped?)|channels?", channel_of),
    (
        "l[ -]?(?:brackets?|profiles?|shaped?|angles?)|(?:angle |corner )?brackets?|angle (?:plate|iron)",
        bracket_of,
    ),
    ("cones?|tapered cylinder", cone_of),
    ("hexagon(?: prism| bar| rod)?|nut", partial(prism_of, 6)),
    ("triangular prism|triangle prism", partial(prism_of, 3)),
    ("pentagon(?:al)?(?: prism)?", partial(prism_of, 5)),
    ("octagon(?:al)?(?: prism)?", partial(prism_of, 8)),
    ("wedges?", wedge_of),
    ("sided (?:prism|bar|rod)|prism", polygon_of),
    ("spheres?", sphere_of),
    ("tubes?|hollow cylinder", partial(tube_of, "tube")),
    ("circular (?:\\w+ )?plate|discs?", partial(cylinder_of, "disc")),
    ("rings?", partial(tube_of, "ring")),
    ("plates?", partial(box_of, "plate")),
    ("box(?:es)?|cubes?", partial(box_of, "box")),
    ("cylinders?|cylindrical", partial(cylinder_of, "cylinder")),
    ("triangle|triangular", partial(prism_of, 3)),
    ("circle", partial(cylinder_of, "disc")),
)
"""The first word that a prompt has decides: the more telling ones come first."""
