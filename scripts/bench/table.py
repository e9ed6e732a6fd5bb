"""Rounds of a measurement, and the line of the table that they become."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

HEAD = (
    "| what | ours, s | floor, s | ratio | least – most | rounds | outcome | where ours went, s |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Ours:
    """One measurement of what we do."""

    seconds: float
    parts: dict[str, float] = field(default_factory=dict)
    """Seconds by name. They may overlap, and need not add up."""
    outcome: str = ""


@dataclass(frozen=True)
class Bench:
    """What is measured. `ours` runs once before `floor` is ever called, and does not count then."""

    name: str
    ours: Callable[[], Ours]
    floor: Callable[[], float]
    """Seconds of the least that could be done for the same result."""


@dataclass(frozen=True)
class Round:
    ours: Ours
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.floor


def measured(bench: Bench, rounds: int) -> list[Round]:
    """The rounds after the first. Who goes first alternates: a machine's load changes slowly."""
    bench.ours(), bench.floor()
    found = []
    for number in range(rounds):
        if number % 2:
            floor = bench.floor()
            found.append(Round(bench.ours(), floor))
        else:
            found.append(Round(bench.ours(), bench.floor()))
    return found


def line(bench: Bench, rounds: list[Round]) -> str:
    """One row of Markdown: medians, and how far the ratios are apart."""
    ratios = sorted(each.ratio for each in rounds)
    ours, floor = median(each.ours.seconds for each in rounds), median(each.floor for each in rounds)
    cells = (
        bench.name,
        f"{ours:.1f}",
        f"{floor:.1f}",
        f"{median(ratios):.1f}",
        f"{ratios[0]:.1f} – {ratios[-1]:.1f}",
        str(len(rounds)),
        ", ".join(sorted({each.ours.outcome for each in rounds})),
        ", ".join(f"{part} {seconds:.1f}" for part, seconds in _parts(rounds).items()),
    )
    return f"| {' | '.join(cells)} |"


def _parts(rounds: list[Round]) -> dict[str, float]:
    """Medians of what took long enough to see."""
    names = dict.fromkeys(name for each in rounds for name in each.ours.parts)
    seconds = {name: median(each.ours.parts.get(name, 0.0) for each in rounds) for name in names}
    return {name: each for name, each in seconds.items() if each >= 0.05}
