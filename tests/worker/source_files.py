"""Reads the sources of Spaces in `data/*.txt`: `##### name | words of the finding`, `#### path`, text."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
Files = dict[str, str]


def honest_sources() -> dict[str, Files]:
    """By name; as good engineers write them who have habits of their own."""
    return dict(_apps("honest_sources.txt"))


def cheating_sources() -> dict[str, tuple[Files, str]]:
    """By name, each with words of the finding; as lazy or dishonest writers of code leave them."""
    found = {}
    for title, files in _apps("cheating_sources.txt"):
        name, _, words = title.partition(" | ")
        found[name] = files, words
    return found


def _apps(name: str) -> list[tuple[str, Files]]:
    apps: list[tuple[str, Files]] = []
    for app in (DATA / name).read_text(encoding="utf-8").split("##### ")[1:]:
        title, _, rest = app.partition("\n")
        files = dict(file.split("\n", 1) for file in rest.split("#### ")[1:])
        apps.append((title, files))
    return apps
