"""Large files: kept once by their sha256, named by a pointer in commits, used only by who has the content."""

from collections.abc import Iterator
from pathlib import Path

from bot.localhub import blobs
from bot.localhub.accounts import Caller
from bot.localhub.content_hashes import xet_hash_of
from bot.localhub.repos import Blob, Commit, Repo, commit_at
from bot.localhub.state import Hub, Record

_had: set[tuple[str, str]] = set()
"""Repos (by hex id) and the large files that were found in them. Commits do not change, so it
stays true until history is rewritten."""


class LargeFile(Record):
    """A stored content. Found by its sha256, and a second time by `xet:` and its xet hash."""

    oid: str
    """sha256, 64 hex digits."""
    size: int
    xet_hash: str


class Possession(Record):
    """A user has sent this content, so they may put it into any repo of theirs. Key: user id / oid."""

    oid: str


def keep(hub: Hub, arrived: Path, oid: str, user_id: str) -> LargeFile:
    """Take over a file whose sha256 has been checked, and note that the user has it."""
    known = hub.all(LargeFile).get(oid)
    if known is None:
        known = LargeFile(oid=oid, size=arrived.stat().st_size, xet_hash=xet_hash_of(arrived))
        blobs.take(hub, arrived, oid)
        hub.all(LargeFile).put(f"xet:{known.xet_hash}", known)
        hub.all(LargeFile).put(oid, known)
    else:
        arrived.unlink(missing_ok=True)
    give(hub, oid, user_id)
    return known


def usable(hub: Hub, repo: Repo, caller: Caller, oid: str) -> LargeFile | None:
    """The content, if the caller may put it into the repo: they have sent it, or it is there already."""
    is_theirs = f"{caller.user.id}/{oid}" in hub.all(Possession) or holds(hub, repo, oid)
    return hub.all(LargeFile).get(oid) if is_theirs else None


def give(hub: Hub, oid: str, user_id: str) -> None:
    """Note that a user has this content."""
    hub.all(Possession).put(f"{user_id}/{oid}", Possession(oid=oid))


def holds(hub: Hub, repo: Repo, oid: str) -> bool:
    """Whether any commit that the repo's refs lead to has this large file."""
    if (repo.repo_id_hex, oid) in _had:
        return True
    for commit in _commits(hub, repo):
        if any(blob.lfs and blob.oid == oid for blob in commit.files.values()):
            _had.add((repo.repo_id_hex, oid))
            return True
    return False


def look_again(repo: Repo) -> None:
    """Forget what was found in the repo: its history was rewritten."""
    for pair in [pair for pair in _had if pair[0] == repo.repo_id_hex]:
        _had.discard(pair)


def _commits(hub: Hub, repo: Repo) -> Iterator[Commit]:
    seen: set[str] = set()
    for head in repo.refs.values():
        oid: str | None = head
        while oid is not None and oid not in seen:
            seen.add(oid)
            commit = commit_at(hub, repo, oid)
            yield commit
            oid = commit.parent


def describe(hub: Hub, blob: Blob) -> dict[str, object]:
    """What lists of files say about a large one; nothing about others."""
    large = hub.all(LargeFile).get(blob.oid) if blob.lfs else None
    if large is None:
        return {}
    pointer = {"oid": blob.oid, "size": blob.size, "pointerSize": len(blob.pointer)}
    return {"lfs": pointer, "xetHash": large.xet_hash}
