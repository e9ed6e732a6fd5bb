"""Prompts for slots, openings, heads of screws and places of holes, worked out by hand, in millimetres."""

from math import pi

from tests.cad.prompts import Wanted, disc, round_hole


def slot(length: float, width: float, depth: float) -> float:
    return ((length - width) * width + disc(width)) * depth


def countersink(hole: float, head: float) -> float:
    """At 90°, beside the hole itself."""
    depth = (head - hole) / 2
    return pi / 12 * depth * (head**2 + head * hole + hole**2) - disc(hole) * depth


def counterbore(hole: float, head: float, depth: float) -> float:
    return (disc(head) - disc(hole)) * depth


OPENINGS = (
    Wanted(
        "plate 100x50x5 mm with slot 30x6 mm in the middle", "plate", 25000 - slot(30, 6, 5), (100, 50, 5)
    ),
    Wanted("plate 100x50x5 with two slots 20x6 mm", "plate", 25000 - 2 * slot(20, 6, 5), (100, 50, 5)),
    Wanted(
        "disc 100 mm, 5 mm thick, with a slot of 40x10 mm",
        "disc",
        disc(100) * 5 - slot(40, 10, 5),
        (100, 100, 5),
    ),
    Wanted(
        "plate 100x50x5 with a 40x20 mm rectangular opening and four 5 mm holes in the corners",
        "plate",
        25000 - 4000 - round_hole(5, 5, 4),
        (100, 50, 5),
    ),
    Wanted("plate 100x50x5 with a 20x10 mm pocket 2 mm deep", "plate", 25000 - 400, (100, 50, 5)),
    Wanted(
        "plate 120x80x10 with four 6.6 mm holes countersunk to 12 mm",
        "plate",
        96000 - round_hole(6.6, 10, 4) - 4 * countersink(6.6, 12),
        (120, 80, 10),
    ),
    Wanted(
        "plate 60x60x10 with a 6 mm hole, counterbore 12 mm diameter and 4 mm deep",
        "plate",
        36000 - round_hole(6, 10) - counterbore(6, 12, 4),
        (60, 60, 10),
    ),
    Wanted(
        "plate 80x60x5 with a 6 mm hole 15 mm from the left edge and 20 mm from the top edge",
        "plate",
        24000 - round_hole(6, 5),
        (80, 60, 5),
    ),
    Wanted(
        "Plate 120x80x10mm, 2x3 grid of 8 mm holes, spacing 25 mm",
        "plate",
        96000 - round_hole(8, 10, 6),
        (120, 80, 10),
    ),
    Wanted(
        "gasket 60 mm outer diameter, 40 mm inner diameter, 2 mm thick with four 5 mm holes",
        "ring",
        (disc(60) - disc(40)) * 2 - round_hole(5, 2, 4),
        (60, 60, 2),
    ),
    Wanted(
        "cylinder 30 mm diameter 20 mm high with 2 mm chamfer on the bottom edge",
        "cylinder",
        disc(30) * 20 - pi * (30 * 2 - 8 / 3),
        (30, 30, 20),
    ),
)
"""Each is made by the kernel too."""
