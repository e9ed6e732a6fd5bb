"""Draws digits with a pen, point to point, in the ways that people write and few of the scanned ones show."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from bot.localhub.zoo.digit_images import Floats, pixels
from bot.localhub.zoo.digits_network import SIZE

Stroke = tuple[tuple[int, int], ...]

FINE = 4
"""Drawn this much larger and then reduced, so that lines have soft edges."""

WAYS: dict[int, tuple[tuple[Stroke, ...], ...]] = {
    # digit -> ways of writing it -> strokes -> points, on a sheet of 100 x 100
    0: ((((50, 12), (28, 24), (22, 50), (28, 76), (50, 88), (72, 76), (78, 50), (72, 24), (50, 12)),),),
    1: (
        (((50, 12), (50, 88)),),
        (((36, 32), (52, 12), (52, 88)),),
        (((30, 40), (54, 12), (54, 88)),),
        (((38, 28), (52, 12), (52, 88)), ((34, 88), (70, 88))),
    ),
    2: (
        (((26, 30), (34, 16), (52, 12), (70, 22), (70, 38), (50, 62), (24, 88), (78, 88)),),
        (((28, 26), (48, 12), (68, 22), (66, 42), (44, 66), (28, 86), (46, 80), (76, 86)),),
    ),
    3: (
        (((26, 20), (48, 12), (68, 24), (64, 42), (44, 48), (68, 56), (74, 72), (54, 88), (26, 80)),),
        (((28, 14), (70, 14), (46, 44), (70, 56), (72, 74), (52, 88), (26, 82)),),
    ),
    4: (
        (((62, 88), (62, 12), (22, 64), (80, 64)),),
        (((30, 12), (26, 54), (74, 54)), ((66, 16), (66, 88))),
    ),
    5: (
        (((72, 14), (34, 14), (30, 46), (52, 40), (70, 52), (70, 74), (52, 88), (26, 80)),),
        (((34, 14), (30, 46), (54, 42), (70, 56), (66, 80), (46, 88), (26, 82)), ((34, 14), (74, 14))),
    ),
    6: (
        (((66, 14), (42, 30), (28, 58), (34, 80), (52, 88), (70, 76), (68, 58), (50, 50), (30, 64)),),
        (((50, 12), (32, 44), (30, 72), (48, 88), (68, 76), (64, 58), (44, 54), (30, 68)),),
    ),
    7: (
        (((24, 16), (76, 16), (46, 88)),),
        (((24, 16), (76, 16), (46, 88)), ((36, 52), (70, 52))),
    ),
    8: (
        (
            ((60, 15), (50, 12), (32, 22), (34, 40), (64, 58), (72, 74), (50, 88)),
            ((50, 88), (28, 74), (36, 58), (66, 40), (68, 22), (56, 13)),
        ),
    ),
    9: (
        (((70, 30), (56, 46), (36, 42), (32, 24), (50, 12), (66, 18), (70, 30), (68, 60), (58, 88)),),
        (((68, 22), (48, 12), (32, 26), (40, 46), (66, 38), (68, 18), (68, 88)),),
    ),
}


def drawn(digit: int, rng: np.random.Generator) -> Floats:
    """float[SIZE, SIZE] of 0..1, white on black: the digit in one of its ways, by a shaky hand."""
    ways = WAYS[digit]
    width, height = rng.uniform(0.3, 0.95, 2)
    height = max(width, height)
    slant = rng.normal(0, 0.12)
    room_x, room_y = (1 - width) / 2, (1 - height) / 2
    middle = 0.5 + rng.uniform(-room_x, room_x), 0.5 + rng.uniform(-room_y, room_y)
    pen = rng.uniform(0.02, 0.14) * height
    image = Image.new("L", (SIZE * FINE, SIZE * FINE))
    for stroke in ways[rng.integers(len(ways))]:
        points = (np.array(stroke) - 50 + rng.normal(0, 2.5, (len(stroke), 2))) / 100
        x = points[:, 0] * width - points[:, 1] * slant * height + middle[0]
        y = points[:, 1] * height + middle[1]
        draw_line(image, np.column_stack([x, y]) * SIZE * FINE, max(2.0, pen * SIZE * FINE))
    return pixels(image.resize((SIZE, SIZE), Image.Resampling.BOX))


def draw_line(image: Image.Image, points: npt.NDArray[np.float64], pen: float) -> None:
    """A line through the points in pixels, with round ends and corners."""
    draw = ImageDraw.Draw(image)
    draw.line([(float(x), float(y)) for x, y in points], fill=255, width=round(pen))
    for x, y in points:
        draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
