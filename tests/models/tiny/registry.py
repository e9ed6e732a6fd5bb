"""The list of tiny models. Importing a module of makers fills it; only the makers themselves import torch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Maker = Callable[[Path], None]


@dataclass(frozen=True)
class Tiny:
    """One model: its repo is `tiny/<name>`."""

    name: str
    blueprint: str
    """The blueprint that is to be chosen for it."""
    make: Maker
    needs: tuple[str, ...] = ()
    """Other tiny models that it stands on."""
    spec: dict[str, object] = field(default_factory=dict)
    """What the requester asks for besides, as in the BuildSpec."""


ALL: dict[str, Tiny] = {}


def tiny(blueprint: str, *, needs: tuple[str, ...] = (), **spec: object) -> Callable[[Maker], Maker]:
    """Put a maker on the list under its own name, with dashes."""

    def register(make: Maker) -> Maker:
        name = make.__name__.replace("_", "-")
        ALL[name] = Tiny(name, blueprint, make, needs, spec)
        return make

    return register


def write_card(folder: Path, header: str, text: str = "A tiny model with random weights.") -> None:
    """README.md with this YAML header."""
    (folder / "README.md").write_text(f"---\n{header.strip()}\n---\n\n# {folder.name}\n\n{text}\n")
