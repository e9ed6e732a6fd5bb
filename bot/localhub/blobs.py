"""File contents by hash, under `blobs/` of the Hub's folder. Written aside first, then renamed into place."""

import hashlib
import secrets
import shutil
from pathlib import Path

from bot.localhub.state import Hub


def git_hash(kind: str, body: bytes) -> str:
    """The name git gives to an object: sha1 over its kind, size and body."""
    return hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(body), body), usedforsecurity=False).hexdigest()


def path_of(hub: Hub, oid: str) -> Path:
    return hub.folder / "blobs" / oid[:2] / oid


def store(hub: Hub, content: bytes) -> str:
    """Keep the content; returns its git blob id. Storing the same content again costs only the hash."""
    oid = git_hash("blob", content)
    target = path_of(hub, oid)
    if not target.exists():
        aside = incoming(hub)
        aside.write_bytes(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(target)
    return oid


def take(hub: Hub, arrived: Path, oid: str) -> None:
    """Keep a file from `incoming` under its name, instead of copying it."""
    target = path_of(hub, oid)
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(target)


def read(hub: Hub, oid: str) -> bytes:
    return path_of(hub, oid).read_bytes()


def drop_unfinished(hub: Hub) -> None:
    """Forget contents that a killed process was still writing. Call before serving."""
    shutil.rmtree(hub.folder / "blobs" / "incoming", ignore_errors=True)


def incoming(hub: Hub) -> Path:
    """A free name for a file that is being written. What is left there is forgotten at the next start."""
    folder = hub.folder / "blobs" / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(8)
