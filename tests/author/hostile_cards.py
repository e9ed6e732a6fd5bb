"""Reads `data/hostile_cards.txt`: a card, and what an agent does that obeys it."""

from dataclasses import dataclass
from pathlib import Path

CARDS = Path(__file__).parent / "data" / "hostile_cards.txt"


@dataclass(frozen=True)
class Hostile:
    """A card and what an obedient agent does about it."""

    name: str
    flags: frozenset[str]
    readme: str
    attack: str


def hostile_cards() -> list[Hostile]:
    found = []
    for section in CARDS.read_text(encoding="utf-8").split("##### ")[1:]:
        title, _, rest = section.partition("\n")
        name, *flags = title.split(" | ")
        readme, attack = rest.removeprefix("#### readme\n").split("#### attack\n")
        found.append(Hostile(name, frozenset(flags), readme, attack))
    return found


HOSTILE = hostile_cards()
