"""Ratios of two measurements of one round, and how far they are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratios:
    """The median of n rounds, and the least and the most: these enclose the true median in all but one of
    2^(n-1) cases, whatever the noise is like."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} | {self.least:.2f} – {self.most:.2f}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Ratios:
    """Round by round."""
    each = [our / their for our, their in zip(ours, theirs, strict=True)]
    return Ratios(median(each), min(each), max(each))
