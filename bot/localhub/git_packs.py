"""A repo's history as git's objects, written as a pack, which is how git carries them."""

import hashlib
import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.localhub import blobs
from bot.localhub.git_objects import folder_bodies
from bot.localhub.repos import Blob, Commit, Repo, history
from bot.localhub.state import Hub


class Kind(IntEnum):
    """The numbers that a pack has for them."""

    COMMIT = 1
    TREE = 2
    BLOB = 3


@dataclass(frozen=True)
class GitObject:
    """`content` is the body, or the file whose body it is: it is read when its turn comes."""

    kind: Kind
    content: bytes | Blob


@dataclass(frozen=True)
class Excerpt:
    """Commits, newest first, and those of them whose parents are left out."""

    commits: tuple[Commit, ...]
    cut_at: tuple[str, ...]


def excerpt(hub: Hub, repo: Repo, wanted: Iterable[str], depth: int | None) -> Excerpt:
    """The commits that led to the wanted ones, `depth` of each line at most."""
    found: dict[str, Commit] = {}
    cut: list[str] = []
    for oid in wanted:
        line = history(hub, repo, oid)
        shown = line[:depth]
        if len(shown) < len(line):
            cut.append(shown[-1].oid)
        found |= {commit.oid: commit for commit in shown}
    return Excerpt(tuple(found.values()), tuple(cut))


def objects(commits: Iterable[Commit]) -> dict[str, GitObject]:
    """All that git needs to check these commits out, by id."""
    found: dict[str, GitObject] = {}
    for commit in commits:
        found[commit.oid] = GitObject(Kind.COMMIT, commit.git_body)
        oids = {path: blob.git_oid for path, blob in commit.files.items()}
        for body in folder_bodies(oids).values():
            found[blobs.git_hash("tree", body)] = GitObject(Kind.TREE, body)
        for path, blob in commit.files.items():
            found[oids[path]] = GitObject(Kind.BLOB, blob.pointer if blob.lfs else blob)
    return found


def pack(hub: Hub, contents: Iterable[GitObject]) -> Iterator[bytes]:
    """The pack's bytes, piece by piece."""
    chosen = list(contents)
    digest = hashlib.sha1(usedforsecurity=False)
    start = b"PACK" + struct.pack(">II", 2, len(chosen))
    for piece in itertools.chain([start], (_entry(hub, each) for each in chosen)):
        digest.update(piece)
        yield piece
    yield digest.digest()


def _entry(hub: Hub, each: GitObject) -> bytes:
    body = blobs.read(hub, each.content.oid) if isinstance(each.content, Blob) else each.content
    return _header(each.kind, len(body)) + zlib.compress(body)


def _header(kind: Kind, size: int) -> bytes:
    """Kind and size in bytes of seven bits, of which the first has only four left for the size."""
    first, rest = kind << 4 | size & 0b1111, size >> 4
    header = bytearray([first])
    while rest:
        header[-1] |= 0x80
        header.append(rest & 0x7F)
        rest >>= 7
    return bytes(header)
