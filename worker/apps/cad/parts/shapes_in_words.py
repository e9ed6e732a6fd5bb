"""Which shape a prompt means. Each has a function that asks the reading for its sizes."""

from collections.abc import Callable
from functools import partial

from . import shapes
from .gears_in_words import gear_of
from .holes_in_words import Found
from .reading import Reading
from .round_in_words import cone_of, cylinder_of, flange_of, sphere_of, torus_of, tube_of
from .sizes_in_words import GROUP
from .straight_in_words import box_of, bracket_of, channel_of, enclosure_of, polygon_of, prism_of, wedge_of
from .trouble import Trouble

KNOWN = (
    "boxes, plates, cylinders, discs, tubes, washers, spacers, rings, flanges, L brackets, U channels,"
    " enclosures, spheres, cones, prisms, wedges, tori and spur gears"
)
SOLIDS = ("sphere", "cone", "wedge", "cube", "cylinder")
"""Of these a part is one, and never two."""
Maker = Callable[[Reading, list[Found]], shapes.Shape]


def shape_in(reading: Reading, holes: list[Found]) -> tuple[shapes.Shape, list[Found]] | None:
    """The shape and the holes that are still to be made in it; None where no shape is named."""
    solids = [name for name in SOLIDS if reading.has(f"{name}s?")]
    if len(solids) > 1:
        raise Trouble(f"Two shapes are named ({' and '.join(solids)}). Ask for one part at a time.")
    for words, make in BY_WORD:
        if reading.has(words):
            kept = list(holes)
            return make(reading, kept), kept
    if reading.take(rf"(?={GROUP})"):
        return box_of("box", reading, holes), list(holes)
    return None


BY_WORD: tuple[tuple[str, Maker], ...] = (
    ("gears?", gear_of),
    ("enclosures?", enclosure_of),
    (r"(?:open|hollow) (?:top(?:ped)? )?(?:\w+ )?box|hollow (?:cube|box)", enclosure_of),
    (r"box (?:with |that is )?(?:\w+ )?(?:open|hollow)", enclosure_of),
    ("flanges?", flange_of),
    ("washers?", partial(tube_of, "washer")),
    ("hexagon spacers?", partial(prism_of, 6)),
    ("spacers?", partial(tube_of, "spacer")),
    ("torus", torus_of),
    ("u[ -]?(?:channels?|profiles?|brackets?|shaped?)|channels?", channel_of),
    ("l[ -]?(?:brackets?|profiles?|shaped?|angles?)|brackets?|angle (?:plate|iron)", bracket_of),
    ("cones?|tapered cylinder", cone_of),
    ("hexagon|nut", partial(prism_of, 6)),
    ("triangular prism|triangle prism", partial(prism_of, 3)),
    ("pentagon(?:al)?", partial(prism_of, 5)),
    ("octagon(?:al)?", partial(prism_of, 8)),
    ("wedges?", wedge_of),
    ("sided (?:prism|bar|rod)|prism", polygon_of),
    ("spheres?", sphere_of),
    ("tubes?|hollow cylinder", partial(tube_of, "tube")),
    ("circular (?:\\w+ )?plate|discs?", partial(cylinder_of, "disc")),
    ("rings?", partial(tube_of, "ring")),
    ("plates?", partial(box_of, "plate")),
    ("box(?:es)?|cubes?", partial(box_of, "box")),
    ("cylinders?|cylindrical", partial(cylinder_of, "cylinder")),
)
"""The first word that a prompt has decides: the more telling ones come first."""
