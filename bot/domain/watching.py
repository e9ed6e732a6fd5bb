"""Watches: whose account brings a Space up to date by itself, when, and which changes of a model count.

Pure: what a model was like when it was last looked at is compared with what it is like now.
"""

import hashlib
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import Field

from bot.domain.models import Frozen, On, Requester, ThreadRef, Wishes

CARD = "README.md"
NO_PART_OF_A_SPACE = re.compile(
    r"(^|/)((LICEN[CS]E|NOTICE|CITATION)([.-][^/]*)?|\.gitattributes|\.gitignore|\.space-factory\.yml)$"
    r"|\.(png|jpe?g|gif|svg|webp|pdf|mp4)$",
    re.IGNORECASE,
)


class Paused(StrEnum):
    """Why a watch waits for its owner to say `watch` again."""

    FAILURES = "failures"
    MOVED = "moved"
    GONE = "gone"


class Seen(Frozen):
    """What a model was like."""

    main: str
    """The commit of its `main` branch."""
    tags: Mapping[str, str] = Field(default_factory=dict)
    """The commit of each git tag."""
    has_card_tag: bool = False
    """Whether its card carries our tag."""
    is_private: bool = False
    """Private or gated: then its name is not for everyone."""


class Watch(Frozen):
    """Times are seconds since the epoch."""

    id: str
    requester: Requester
    thread: ThreadRef
    """Where it was asked for, and is spoken of."""
    repo_id: str
    """The Hub's id of the model's repo, which no rename changes and no other repo gets."""
    model_id: str
    wishes: Wishes
    seen: Seen
    paused: Paused | None = None
    since: float
    """When it was asked for, the last time."""
    due_at: float
    """When the model is looked at next."""
    tries: int = 0
    """Looks in a row at which the model was not to be seen."""


@dataclass(frozen=True)
class Version:
    """What to build, and what made it worth building."""

    sha: str
    cause: str


def watch_id_for(user_id: str, repo_id: str) -> str:
    """One person watches one repo once."""
    return f"w_{hashlib.sha256(f'{user_id}:{repo_id}'.encode()).hexdigest()[:16]}"


def new_version(wishes: Wishes, before: Seen, now: Seen) -> Version | None:
    """The version that the watch's rules ask for, if there is one since then."""
    if now.has_card_tag and not before.has_card_tag:
        return Version(now.main, "the card's tag")
    main = Version(now.main, "`main`") if wishes.on is not On.TAG and now.main != before.main else None
    tag = _newest_tag(wishes, before, now) if wishes.on is not On.MAIN else None
    return tag if tag and (main is None or tag.sha == main.sha) else main or tag


def changed_files(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Paths that came, went, or have other content; each mapping is from path to what its content is."""
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def why_it_does_not_matter(changed: Set[str], *, same_card_data: bool) -> str | None:
    """The reason to skip a version in which only these changed; None where it may make another Space."""
    if any(path != CARD and not NO_PART_OF_A_SPACE.search(path) for path in changed):
        return None
    if CARD in changed and not same_card_data:
        return None
    others = sorted(changed - {CARD})
    if not changed:
        return "its files are the same as before"
    if not others:
        return "only the text of its card changed"
    return f"only {', '.join(others[:3])}{' and others' if len(others) > 3 else ''} changed"


def _newest_tag(wishes: Wishes, before: Seen, now: Seen) -> Version | None:
    fresh = [
        name
        for name, sha in now.tags.items()
        if before.tags.get(name) != sha and fnmatchcase(name, wishes.only)
    ]
    if not fresh:
        return None
    newest = max(fresh, key=_in_order)
    return Version(now.tags[newest], f"tag `{newest}`")


def _in_order(tag: str) -> list[tuple[int, str]]:
    """`v10` comes after `v9`."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", tag)]
