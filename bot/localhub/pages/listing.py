"""Repos and files in lists: what is shown of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.localhub import cards
from bot.localhub.accounts import Caller
from bot.localhub.repos import Repo, RepoKind, commit_at, may_read
from bot.localhub.space_records import Space
from bot.localhub.state import Hub


@dataclass(frozen=True)
class Entry:
    """A repo in a list. `note` is the task of a model or the stage of a Space."""

    id: str
    address: str
    kind: str
    private: bool
    changed_at: str
    note: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A file or folder in a listing. A folder has no size."""

    name: str
    path: str
    size: int | None = None


def entries(
    hub: Hub, viewer: Caller | None, kind: RepoKind, *, owner: str = "", search: str = ""
) -> list[Entry]:
    """The repos of a kind that the viewer may see, changed last first."""
    found = [
        entry_of(hub, repo)
        for repo in hub.all(Repo)
        if repo.kind is kind
        and owner in {"", repo.owner}
        and search.lower() in repo.id.lower()
        and may_read(hub, repo, viewer)
    ]
    return sorted(found, key=lambda entry: entry.changed_at, reverse=True)


def entry_of(hub: Hub, repo: Repo) -> Entry:
    card = cards.card_data(hub, repo, "main")
    named = (card.get("library_name"), card.get("license"))
    return Entry(
        id=repo.id,
        address=f"/{repo.kind.prefix}{repo.id}",
        kind=repo.kind.value,
        private=repo.private,
        changed_at=commit_at(hub, repo, "main").date,
        note=stage_of(hub, repo) if repo.kind is RepoKind.SPACE else str(card.get("pipeline_tag") or ""),
        tags=tuple(tag for tag in named if isinstance(tag, str)),
    )


def stage_of(hub: Hub, space: Repo) -> str:
    known = hub.all(Space).get(space.repo_id_hex)
    return known.stage.value if known is not None else ""


def items(files: Iterable[tuple[str, int]], folder: str) -> list[Item]:
    """What is right inside a folder ("" is the top), given all paths with sizes: folders first."""
    prefix = f"{folder}/" if folder else ""
    found: dict[str, Item] = {}
    for path, size in files:
        if path.startswith(prefix):
            name, slash, _ = path.removeprefix(prefix).partition("/")
            found[name] = Item(name, prefix + name, None if slash else size)
    return sorted(found.values(), key=lambda item: (item.size is not None, item.name.lower()))


def trail(path: str) -> list[tuple[str, str]]:
    """Name and path of each folder down to the path, for a row of links."""
    names = path.split("/") if path else []
    return [(name, "/".join(names[: number + 1])) for number, name in enumerate(names)]
