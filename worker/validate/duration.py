"""How long a call may take on ZeroGPU: a recommendation from what was measured, with its margin. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

MARGIN = 1.5
"""Over the slowest warm call: a shared GPU is not always as fast."""
WAKING = 5.0
"""Seconds in which a GPU is attached and the model moved to it."""
SHORTEST, LONGEST = 10, 300
STEP = 5
USUAL = 60
"""What ZeroGPU gives an app that asks for nothing."""


@dataclass(frozen=True)
class Duration:
    """Seconds to ask for, and the reckoning as a sentence."""

    seconds: int
    reason: str


def recommend(measured: Sequence[float], work: float = 1.0) -> Duration:
    """`measured` are the seconds of each call, the cold one first; `work` says how many times longer a call
    takes with the settings of the app's author.
    """
    if not measured:
        return Duration(USUAL, f"Nothing was measured; ZeroGPU's own {USUAL} s are the best guess.")
    cold, *warm = measured
    slowest = max(warm, default=cold)
    full = slowest * max(1.0, work)
    wished = STEP * ceil((full * MARGIN + WAKING) / STEP)
    seconds = min(LONGEST, max(SHORTEST, wished))
    times = f", {work:.1f} times that with the app's own settings" if work > 1 else ""
    reason = (
        f"On ZeroGPU ask for duration={seconds}: the slowest warm call took {slowest:.2f} s{times};"
        f" half as much again and {WAKING:.0f} s to wake the GPU are the margin."
    )
    if wished > LONGEST:
        reason += f" It would take about {full:.0f} s, which is more than one call should: use fewer steps."
    return Duration(seconds, reason)
