"""Decodes files and says what they hold, a line of JSON for each. A process of its own, see media.py."""

import hashlib
import math
import resource
import sys
import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageSequence

from worker.validate.media import Media, unread
from worker.validate.recognise import MediaKind, kind_of

MEMORY = 3 * 1024**3
CPU_SECONDS = 100
MOST_PIXELS = 64_000_000
"""Of one picture."""
MOST_FRAMES = 400
LONGEST_FILM = 600_000_000
"""Pixels of all its frames that are looked at."""
RATE = 16_000
LONGEST_SOUND = 600
"""Seconds that are looked at."""
SIDE = 24
"""Of a picture's sketch, in pixels."""
BINS = 96


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    av.logging.set_level(av.logging.PANIC)
    for argument in sys.argv[1:]:
        sys.stdout.write(measured(Path(argument)).model_dump_json() + "\n")
        sys.stdout.flush()


def measured(file: Path) -> Media:
    kind = kind_of(file)
    try:
        match kind:
            case MediaKind.IMAGE:
                return _picture(file)
            case MediaKind.AUDIO:
                return _sound(file)
            case MediaKind.VIDEO:
                return _film(file)
    except MemoryError:
        return unread(file, "is too large when it is decoded")
    except Exception as error:  # decoders raise anything, and all of it is a finding
        return unread(file, f"cannot be decoded: {type(error).__name__}: {str(error)[:120]}")
    return Media(name=file.name, kind=kind, size=file.stat().st_size, digest=_digest(file.read_bytes()))


def _picture(file: Path) -> Media:
    with Image.open(file) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return unread(file, f"has {opened.width}×{opened.height} pixels, which is too many to look at")
        moving = getattr(opened, "n_frames", 1) > 1
        frames = [np.asarray(each.convert("RGBA")) for each in _some(ImageSequence.Iterator(opened))]
        width, height = opened.size
    return Media(
        name=file.name,
        kind=MediaKind.IMAGE,
        size=file.stat().st_size,
        width=width,
        height=height,
        std=max(_std(frame) for frame in frames),
        colours=len(np.unique(_small(frames[0], 256)[..., :3].reshape(-1, 3), axis=0)),
        frames=len(frames) if moving else None,
        motion=_motion([_small(frame, 64) for frame in frames]) if moving else None,
        digest=_digest(*(frame.tobytes() for frame in frames)),
        sketch=_sketch([frames[0]] if not moving else [frames[0], frames[-1]]),
    )


def _film(file: Path) -> Media:
    with av.open(str(file)) as container:
        if not container.streams.video:
            return _sound(file)
        rate = container.streams.video[0].average_rate
        frames, contrast, digest, width, height = [], 0.0, hashlib.sha256(), 0, 0
        for frame in _within_bounds(container.decode(video=0)):
            pixels = frame.to_ndarray(format="rgb24")
            height, width = pixels.shape[:2]
            contrast = max(contrast, _std(pixels))
            digest.update(pixels.tobytes())
            frames.append(_small(pixels, 64))
    if not frames:
        return unread(file, "has no frame")
    return Media(
        name=file.name,
        kind=MediaKind.VIDEO,
        size=file.stat().st_size,
        width=width,
        height=height,
        std=contrast,
        frames=len(frames),
        motion=_motion(frames),
        seconds=round(len(frames) / float(rate), 3) if rate else None,
        digest=digest.hexdigest(),
        sketch=_sketch([frames[0], frames[len(frames) // 2], frames[-1]]),
    )


def _sound(file: Path) -> Media:
    samples = np.concatenate([np.zeros(0, np.float32), *_samples(file)])
    loudness = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    if not math.isfinite(loudness):
        return unread(file, "holds samples that are not numbers")
    return Media(
        name=file.name,
        kind=MediaKind.AUDIO,
        size=file.stat().st_size,
        seconds=round(len(samples) / RATE, 3),
        rms=round(loudness, 5),
        digest=_digest(samples.tobytes()),
        sketch=_sound_sketch(samples),
    )


def _samples(file: Path) -> Iterator[Any]:
    """Mono at RATE, each sample from -1 to 1."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    heard = 0
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                samples = piece.to_ndarray().ravel()
                heard += len(samples)
                yield samples
            if heard > LONGEST_SOUND * RATE:
                return


def _within_bounds(frames: Iterator[Any]) -> Iterator[Any]:
    pixels = 0
    for number, frame in enumerate(frames):
        pixels += frame.width * frame.height
        if number >= MOST_FRAMES or frame.width * frame.height > MOST_PIXELS or pixels > LONGEST_FILM:
            return
        yield frame


def _some(frames: Iterator[Any]) -> Iterator[Any]:
    """As many frames of a moving picture as the memory holds."""
    pixels = 0
    for number, frame in enumerate(frames):
        pixels += frame.width * frame.height
        if number and (number >= MOST_FRAMES or pixels > MOST_PIXELS):
            return
        yield frame


def _std(pixels: Any) -> float:
    """Of the channel that varies most: a mask may live in the transparency."""
    return round(float(pixels.reshape(-1, pixels.shape[-1]).astype(np.float32).std(axis=0).max()), 2)


def _small(pixels: Any, side: int) -> Any:
    """Every so manieth pixel."""
    return pixels[:: max(1, pixels.shape[0] // side), :: max(1, pixels.shape[1] // side)]


def _motion(frames: list[Any]) -> float:
    moved = [
        float(np.abs(one.astype(np.int16) - two).mean())
        for one, two in pairwise(frames)
        if one.shape == two.shape
    ]
    return round(sum(moved) / len(moved), 3) if moved else 0.0


def _sketch(frames: list[Any]) -> tuple[float, ...]:
    small = [
        np.asarray(Image.fromarray(frame).convert("RGBA").resize((SIDE, SIDE), Image.Resampling.BOX))
        for frame in frames
    ]
    return tuple(np.round(np.concatenate([each.ravel() for each in small]) / 255, 4).tolist())


def _sound_sketch(samples: Any) -> tuple[float, ...]:
    """The loudness over time, and over frequency."""
    if len(samples) < BINS * 2:
        return ()
    over_time = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(samples, BINS)]
    spectrum = np.array_split(np.abs(np.fft.rfft(samples)), BINS)
    over_frequency = [float(np.mean(part)) for part in spectrum]
    most = max(over_frequency) or 1.0
    return tuple(round(value, 4) for value in (*over_time, *(each / most for each in over_frequency)))


def _digest(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
