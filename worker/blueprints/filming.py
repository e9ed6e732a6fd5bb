"""Around a pipeline that films: how many frames it likes, how fast they are shown, and where they go."""

import inspect
import tempfile
from typing import Any

from diffusers.utils import export_to_video

RATES = {"LTX": 24, "Wan": 16, "SkyReels": 24, "Hunyuan": 15, "CogVideoX": 8, "Mochi": 30, "StableVideo": 7}
"""Frames a second that the models of these pipelines were taught; others get the usual ones."""
USUAL_RATE = 12
FRAMES = 25


def rate_of(pipe: Any) -> int:
    """Frames a second."""
    name = type(pipe).__name__
    return next((rate for start, rate in RATES.items() if name.startswith(start)), USUAL_RATE)


def takes(pipe: Any) -> set[str]:
    """The names of the arguments of a pipeline."""
    return set(inspect.signature(pipe.__call__).parameters)


def save(frames: Any, rate: int) -> str:
    """The path of a video of these frames."""
    with tempfile.NamedTemporaryFile(suffix=".mp4", delete=False) as file:
        export_to_video(frames, file.name, fps=rate)
    return file.name
