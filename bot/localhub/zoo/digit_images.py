"""Turns scikit-learn's 8 x 8 digits into images as people make them: any place, size, slant and pen."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from bot.localhub.zoo.digits_network import SIZE

Floats = npt.NDArray[np.float32]
SMALL = 8
MARGIN = 2
"""Empty pixels around the small digit, so that its edge strokes are not cut."""


def pixels(image: Image.Image) -> Floats:
    """A grey image as float[height, width] of 0..1."""
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def enlarged(digit: Floats, matrix: Floats, centre: tuple[float, float]) -> Image.Image:
    """The digit (8 x 8, 0..16) drawn into SIZE x SIZE by a 2 x 2 matrix, with its middle at `centre`."""
    small = Image.new("L", (SMALL + 2 * MARGIN, SMALL + 2 * MARGIN))
    small.paste(Image.fromarray(np.clip(digit * 255 / 16, 0, 255).astype(np.uint8)), (MARGIN, MARGIN))
    back = np.linalg.inv(matrix)
    shift = np.full(2, SMALL / 2 + MARGIN) - back @ np.array(centre)
    numbers = (*back[0], shift[0], *back[1], shift[1])
    return small.transform(
        (SIZE, SIZE), Image.Transform.AFFINE, tuple(map(float, numbers)), Image.Resampling.BICUBIC
    )


def plain(digit: Floats) -> Floats:
    """The digit filling the image, white on black, 0..1."""
    matrix = np.eye(2, dtype=np.float32) * np.float32(SIZE / SMALL)
    return pixels(enlarged(digit, matrix, (SIZE / 2, SIZE / 2)))


def on_paper(digit: Floats) -> Image.Image:
    """The digit in black on white with a margin and firm edges, large enough for people."""
    matrix = np.eye(2, dtype=np.float32) * np.float32(5.6)
    ink = 1 / (1 + np.exp(-14 * (pixels(enlarged(digit, matrix, (SIZE / 2, SIZE / 2))) - 0.38)))
    return Image.fromarray(((1 - ink) * 255).astype(np.uint8)).resize((192, 192), Image.Resampling.BICUBIC)


def varied(digit: Floats, rng: np.random.Generator) -> Floats:
    """The digit as another person might have drawn it, white on black, 0..1."""
    turn, slant = rng.normal(0, 0.12, 2)
    scale = rng.uniform(2.4, 7.2)
    widen = np.exp(rng.normal(0, 0.18))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.array([[1, slant], [0, 1]]) @ np.diag([scale * widen, scale / widen])
    room = max(0.0, SIZE / 2 - SMALL / 2 * scale)
    x, y = SIZE / 2 + rng.uniform(-room, room, 2)
    image = redrawn(enlarged(digit, matrix.astype(np.float32), (x, y)), rng)
    noisy = image + rng.normal(0, rng.uniform(0, 0.05), image.shape)
    return np.clip(noisy, 0, 1).astype(np.float32)


def redrawn(image: Image.Image, rng: np.random.Generator) -> Floats:
    """The image as it is, with hard edges, or traced along its strokes with a thin pen."""
    soft = pixels(image)
    match rng.integers(4):
        case 0:
            return soft
        case 1:
            edge, hardness = rng.uniform(0.2, 0.6), rng.uniform(8, 30)
            return np.asarray(1 / (1 + np.exp(-(soft - edge) * hardness)), dtype=np.float32)
        case _:
            return traced(image, soft, rng)


def traced(image: Image.Image, soft: Floats, rng: np.random.Generator) -> Floats:
    around = image.filter(ImageFilter.MaxFilter(int(rng.choice([5, 7, 9, 11]))))
    ridge = (soft > rng.uniform(0.78, 0.95) * pixels(around)) & (soft > 0.25)
    pen = Image.fromarray(ridge.astype(np.uint8) * 255)
    if rng.random() < 0.6:
        pen = pen.filter(ImageFilter.MaxFilter(3))
    pen = pen.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    return pixels(pen)
