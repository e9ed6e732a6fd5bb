"""How runs went, as figures: how long people waited, how long it took, and how many ended how."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Spread:
    """Of several durations, in seconds: half of them were at most `half`, nine of ten at most `most`."""

    count: int
    half: float
    most: float


def spread(durations: Sequence[float]) -> Spread | None:
    """None where there is nothing to measure."""
    if not durations:
        return None
    if len(durations) == 1:
        return Spread(1, durations[0], durations[0])
    tenths = quantiles(durations, n=10, method="inclusive")
    return Spread(len(durations), tenths[4], tenths[8])


def shares(names: Iterable[str]) -> list[tuple[str, int, float]]:
    """Each name, how often it is there, and which share of all that is; the most frequent first."""
    counted = Counter(names)
    return [(name, count, count / counted.total()) for name, count in counted.most_common()]
