"""What the files of an answer are and hold. They are decoded in a process of their own: a hostile file may
crash its decoder, fill the memory or never end, and becomes a finding then.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from worker.validate.recognise import MediaKind, kind_of

PROJECT = Path(__file__).parents[2]
"""Where the worker's package lies."""
LONGEST = 120.0
"""Seconds for all files of a run together."""


class Media(BaseModel):
    """A file, by its content. A number is None where it does not belong to the kind or could not be read."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: MediaKind
    size: int
    """Bytes."""
    problem: str | None = None
    """Why it could not be decoded; continues the sentence: NAME …"""
    width: int | None = None
    height: int | None = None
    std: float | None = None
    """Standard deviation of the pixels, of 255; for a film that of its most varied frame."""
    colours: int | None = None
    frames: int | None = None
    motion: float | None = None
    """Mean change of a pixel from frame to frame, of 255."""
    seconds: float | None = None
    rms: float | None = None
    """Loudness, from 0 to 1."""
    digest: str = ""
    """Of the decoded content: equal where pixels or samples are equal."""
    sketch: tuple[float, ...] = ()
    """A small picture of the content, each number from 0 to 1, for comparison."""

    @property
    def moves(self) -> bool:
        return (self.frames or 0) > 1

    def said(self) -> str:
        """In one short line."""
        parts = [str(self.kind)]
        if self.width:
            parts.append(f"{self.width}×{self.height}")
        if self.moves:
            parts.append(f"{self.frames} frames, motion {self.motion or 0:.1f}")
        if self.seconds is not None:
            parts.append(f"{self.seconds:.1f} s")
        parts += [f"loudness {self.rms:.3f}"] if self.rms is not None else []
        parts += [f"contrast {self.std:.0f}"] if self.std is not None else []
        return ", ".join((*parts, f"{self.size:,} bytes"))


def looked_at(files: Sequence[Path]) -> dict[Path, Media]:
    """Every file with what it holds. A file that kills its decoder is named, and the others are looked at."""
    seen: dict[Path, Media] = {}
    while left := [file for file in files if file not in seen]:
        found, ended = _measured(left)
        seen |= dict(zip(left, found, strict=False))
        if len(found) < len(left):
            broken = left[len(found)]
            seen[broken] = unread(broken, ended)
    return seen


def unread(file: Path, problem: str) -> Media:
    return Media(name=file.name, kind=kind_of(file), size=file.stat().st_size, problem=problem)


def _measured(files: list[Path]) -> tuple[list[Media], str]:
    """The files up to the one that ends the process, and how that ended it."""
    command = [sys.executable, "-m", "worker.validate.measure", *map(str, files)]
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env={"PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=LONGEST,
        )
        output, ended = done.stdout, "crashes the program that decodes it"
    except subprocess.TimeoutExpired as late:
        output, ended = late.stdout or b"", "cannot be decoded in time"
    lines = [line for line in output.splitlines() if line.endswith(b"}")]
    return [Media.model_validate_json(line) for line in lines], ended
