"""A repo's card for people: its metadata as rows, and its text as HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from markupsafe import Markup

from bot.localhub import cards
from bot.localhub.pages.markdown import rendered
from bot.localhub.repos import Repo, read_file
from bot.localhub.state import Hub

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*\r?\n?", re.DOTALL | re.MULTILINE)
LONGEST = 500_000
"""Characters of a card that are shown."""


@dataclass(frozen=True)
class Row:
    """One field of the metadata: either a few words, or a block of YAML."""

    name: str
    words: tuple[str, ...] = ()
    block: str = ""


@dataclass(frozen=True)
class Card:
    rows: tuple[Row, ...]
    html: Markup


def card_of(hub: Hub, repo: Repo) -> Card | None:
    """The card on `main`; None if there is no README.md."""
    readme = read_file(hub, repo, "main", "README.md")
    if readme is None:
        return None
    address = f"/{repo.kind.prefix}{repo.id}"
    text = _FRONT_MATTER.sub("", readme.decode("utf-8", "replace"), count=1)
    html = rendered(text[:LONGEST], images=f"{address}/resolve/main", links=f"{address}/blob/main")
    return Card(tuple(_rows(cards.card_data(hub, repo, "main"))), html)


def _rows(data: Mapping[str, Any]) -> list[Row]:
    return [_row(str(name), value) for name, value in data.items()]


def _row(name: str, value: object) -> Row:
    values = value if isinstance(value, list) else [value]
    if all(isinstance(one, str | int | float | bool) or one is None for one in values):
        return Row(name, words=tuple(_word(one) for one in values))
    return Row(name, block=yaml.safe_dump(value, allow_unicode=True, sort_keys=False).strip())


def _word(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
