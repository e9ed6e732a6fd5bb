"""Ways in which demanding people say it: words for numbers, units, languages, contradictions, nonsense."""

from math import pi, sqrt

from tests.cad.openings import countersink
from tests.cad.prompts import INCH, Wanted, disc, round_hole

WORDINGS = (
    Wanted("plate: width=40, height=70, thickness=4", "plate", 11200, (70, 40, 4)),
    Wanted("a plate one hundred millimeters long, fifty wide and five thick", "plate", 25000, (100, 50, 5)),
    Wanted(
        "plate 80x60x5 with half a dozen 4 mm holes in a circle of 40 mm diameter",
        "plate",
        24000 - round_hole(4, 5, 6),
        (80, 60, 5),
    ),
    Wanted(
        "Platte 80x60x5 mit vierundzwanzig Bohrungen 2 mm",
        "plate",
        24000 - round_hole(2, 5, 24),
        (80, 60, 5),
    ),
    Wanted("plate 50x50x5, no holes, no fillets", "plate", 12500, (50, 50, 5)),
    Wanted(
        "plate 100x50x5 with two rows of four 4 mm holes", "plate", 25000 - round_hole(4, 5, 8), (100, 50, 5)
    ),
    Wanted(
        "L-bracket, 3 mm thick, legs 50 mm x 40 mm, 30 mm wide, two 5 mm holes per leg",
        "bracket",
        30 * 3 * 87 - round_hole(5, 3, 4),
        (50, 30, 40),
    ),
    Wanted("box 5'x3'x2'", "box", 30 * (12 * INCH) ** 3, (60 * INCH, 36 * INCH, 24 * INCH)),
    Wanted("a plate 12 in. by 8 in., 1/4 in. thick", "plate", 24 * INCH**3, (12 * INCH, 8 * INCH, INCH / 4)),
    Wanted("Quader 3 cm mal 4 cm mal 5 cm", "box", 60000, (30, 40, 50)),
    Wanted("round bar 25 mm diameter x 300 mm long", "cylinder", disc(25) * 300, (25, 25, 300)),
    Wanted("tube ø20 x 2 x 100", "tube", (disc(20) - disc(16)) * 100, (20, 20, 100)),
    Wanted("Hohlzylinder außen 30 innen 20 Höhe 40", "tube", (disc(30) - disc(20)) * 40, (30, 30, 40)),
    Wanted(
        "box with inner dimensions 100x60x30 and 2 mm walls",
        "enclosure",
        104 * 64 * 32 - 100 * 60 * 30,
        (104, 64, 32),
    ),
    Wanted("hollow cube 50 mm with 5 mm walls", "enclosure", 50**3 - 40 * 40 * 45, (50, 50, 50)),
    Wanted("torus major radius 30 minor radius 5", "torus", 2 * pi * 30 * disc(10), (70, 70, 10)),
    Wanted("angle bracket legs 80 and 50 mm, width 40 mm, thickness 6 mm", "bracket", 29760, (80, 40, 50)),
    Wanted("L bracket 50x30x40 mm thickness 3 mm", "bracket", 30 * 3 * 87, (50, 30, 40)),
    Wanted("U-Profil 40x20x2, 500 mm lang", "channel", (40 * 20 - 36 * 18) * 500, (500, 40, 20)),
    Wanted(
        "disc diameter 100, thickness 8, 6 holes diameter 9 equally spaced on bolt circle diameter 75,"
        " center bore 25",
        "disc",
        (disc(100) - disc(25) - 6 * disc(9)) * 8,
        (100, 100, 8),
    ),
    Wanted(
        "Platte 120x80x10 mit vier Senkbohrungen M5",
        "plate",
        96000 - round_hole(5.5, 10, 4) - 4 * countersink(5.5, 11.2),
        (120, 80, 10),
    ),
    Wanted(
        "hexagonal bar 17 mm across flats 100 mm long",
        "prism",
        sqrt(3) / 2 * 17**2 * 100,
        (34 / sqrt(3), 17, 100),
    ),
    Wanted(
        "NEMA plate 42x42x5 with four M3 holes, spacing 31 mm, and a 22 mm center hole",
        "plate",
        42 * 42 * 5 - round_hole(3.4, 5, 4) - round_hole(22, 5),
        (42, 42, 5),
    ),
    Wanted(
        "plaque 80 x 50 x 5 mm avec quatre trous de 6 mm", "plate", 20000 - round_hole(6, 5, 4), (80, 50, 5)
    ),
    Wanted(
        "tubo diámetro exterior 40 mm, interior 30 mm, longitud 100 mm",
        "tube",
        (disc(40) - disc(30)) * 100,
        (40, 40, 100),
    ),
)
MISUNDERSTOOD = {
    "plate 100x50x5 mm, 8 mm thick": "Two sizes are given for the thickness",
    "square plate 50x30x5": "A square has equal sides",
    "plate without holes with four 5 mm holes 50x50x5": "and then for none of it",
    "solid tube": "A tube is hollow",
    "closed hollow box 60x40x20, wall 2": "Closed hollow parts",
    "blind hole 10 mm deep, 5mm diameter, in a plate 50x50x5": "goes through 5 mm",
    "box 10x10x10 with 6 mm walls, open": "two walls (12 mm)",
    "cube 1000 km": "less than or equal to 2000",
    "cube 5 liters": "5 liters is no length",
    "cube 90 degrees": "90 degrees is no length",
    "half sphere 40 mm diameter": "halves",
    "T-bracket 100 x 80 x 20, 5 mm thick": "other than L and U",
    "M6x20 hex bolt": "bolts and screws",
    "a case for a Raspberry Pi 4": "what 4 is for",
    "three washers M6": "One part is made at a time",
    "a plate 50x50x5 and a cylinder 10 mm diameter 30 mm tall": "(plate and cylinder)",
    "enclosure 100x60x30, 2 mm walls, with a 10 mm hole in the front": "upper face",
    "box 100x60x30 with two 5 mm holes on each side": "upper face",
    "plate 50x50x5 with a slot 60x6 mm": "cut into the edge",
    "plate 100x50x5 with a slot 30x6 mm and a 5 mm hole in the center": "run into each other",
    "plate 60x60x3 with four counterbored holes for M6": "does not fit into the hole",
    "plate 80x60x5 with twenty four mm holes": "in two ways",
    "plate 1..5 x 3": "is a range",
    "una pieza rara 20": "Not understood: pieza, rara",
}
"""Prompt, and what its sentence says: each of them would else become another part than was meant."""
SAID = (
    ("扁平板 100x50x5 毫米", "names no part that the rules know"),
    ("扁平板 100x50x5 毫米", "left out: 扁平板"),
    ("Runder Quader 50x50x5", "left out: runder"),
    ("plate 50x50x5 in km style; import os", "import, os"),
    ("enclosure 60x40x20, wall 2", "open at the top"),
    ("plate 100x60x6 with 5 mm holes in a 4 by 3 grid", "4 rows of 3"),
    ("L bracket 60x40x5", "a profile of 60 and 40 mm, 5 mm thick"),
    ("rod M8 100 mm long", "8 mm, without a thread"),
    ("plate 10 cm long, 5 cm wide, 1 thick", "Numbers without a unit were taken as cm"),
    ("flange plate 80 mm outer diameter", "taken as one part"),
    ("plate 80x60 with 4 mm", "4 mm was taken as the thickness"),
)
