"""Makes test films: a shape that moves over a coloured ground."""

import io

import av
import numpy as np

WIDTH, HEIGHT, FRAMES, RATE = 128, 96, 16, 8


def film(variant: int) -> bytes:
    """An MP4 (H.264) of FRAMES pictures; another ground, shape and direction for each variant."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(_frame(number, variant), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return memory.getvalue()


def _frame(number: int, variant: int) -> np.ndarray:
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    ground = np.stack([across + 60 * variant, down + 20, 90 + 80 * variant + 0 * down], axis=-1) % 256
    way = number / (FRAMES - 1)
    x, y = ((20 + 88 * way, 48), (64, 76 - 56 * way))[variant % 2]
    inside = (across - x) ** 2 + (down - y) ** 2 < (18 + 4 * variant) ** 2
    colour = np.array([250, 220 - 150 * (variant % 2), 40])
    return np.where(inside[..., None], colour, ground).astype(np.uint8)
