"""What clients put into xet storage: xorbs (packed chunks) and the shards that say which chunks make a file.

Everything belongs to the user who sent it. Nobody can build a file from chunks that another user sent.
"""

import os
import struct
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bot.localhub import blobs
from bot.localhub.errors import HubError
from bot.localhub.state import Hub, Record

_RECORD = 48
"""Bytes of each record in a shard, and of its header."""
_HAS_CHECKS, _HAS_SHA256 = 0x80000000, 0x40000000
_CHUNK_HEADER = 8


class Term(Record):
    """A run of chunks of one xorb: from `start` up to but without `end`."""

    xorb: str
    size: int
    """Bytes of content, unpacked."""
    start: int
    end: int


class XetFile(Record):
    """A file that a user described. Found by user id / hash, and by user id / sha256: and its sha256."""

    hash: str
    sha256: str | None
    terms: tuple[Term, ...]

    @property
    def size(self) -> int:
        return sum(term.size for term in self.terms)


def find_file(hub: Hub, user_id: str, content_hash: str) -> XetFile | None:
    return hub.all(XetFile).get(f"{user_id}/{content_hash}")


def find_by_sha256(hub: Hub, user_id: str, oid: str) -> XetFile | None:
    return hub.all(XetFile).get(f"{user_id}/sha256:{oid}")


def xorb_path(hub: Hub, user_id: str, xorb: str) -> Path:
    return hub.folder / "xet" / user_id / xorb[:2] / xorb


def add_xorb(hub: Hub, user_id: str, xorb: str, body: bytes) -> bool:
    """Keep a xorb; False if it was there. HubError 400 if its chunks cannot be read."""
    path = xorb_path(hub, user_id, xorb)
    if path.exists():
        _named_now(path)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = blobs.incoming(hub)
    aside.write_bytes(body)
    if not chunks_of(aside):
        aside.unlink()
        raise HubError(400, f"The xorb {xorb} holds no chunks")
    aside.replace(path)
    return True


def _named_now(xorb: Path) -> None:
    """Note when an upload last named it. Its time of change stays: what is being read holds to that."""
    os.utime(xorb, ns=(time.time_ns(), xorb.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def chunks_of(xorb: Path) -> tuple[tuple[int, int, int], ...]:
    """Of each chunk: where it begins and ends in the xorb, and its unpacked size. The footer is left out."""
    found = []
    size, position = xorb.stat().st_size, 0
    with xorb.open("rb") as content:
        while len(header := content.read(_CHUNK_HEADER)) == _CHUNK_HEADER and header[0] == 0:
            packed, unpacked = int.from_bytes(header[1:4], "little"), int.from_bytes(header[5:8], "little")
            end = position + _CHUNK_HEADER + packed
            if end > size:
                break
            found.append((position, end, unpacked))
            position = content.seek(end)
    return tuple(found)


def add_shard(hub: Hub, user_id: str, body: bytes) -> int:
    """Note the files that a shard describes; returns how many. HubError 400 if others' chunks are named."""
    try:
        files = list(_files_in(body))
    except struct.error:
        raise HubError(400, "The shard ends in the middle of a file") from None
    for file in files:
        _check_terms(hub, user_id, file)
    for file in files:
        hub.all(XetFile).put(f"{user_id}/{file.hash}", file)
        if file.sha256:
            hub.all(XetFile).put(f"{user_id}/sha256:{file.sha256}", file)
    return len(files)


def _files_in(body: bytes) -> Iterator[XetFile]:
    position = _RECORD
    while position + _RECORD <= len(body):
        content_hash, flags, count = struct.unpack_from("<32sII", body, position)
        if content_hash == b"\xff" * 32:
            return
        position += _RECORD
        terms = tuple(_term(body, position + _RECORD * number) for number in range(count))
        position += _RECORD * count * (2 if flags & _HAS_CHECKS else 1)
        sha256 = None
        if flags & _HAS_SHA256:
            sha256 = _hex(struct.unpack_from("<32s", body, position)[0])
            position += _RECORD
        yield XetFile(hash=_hex(content_hash), sha256=sha256, terms=terms)


def _term(body: bytes, position: int) -> Term:
    xorb, _flags, size, start, end = struct.unpack_from("<32sIIII", body, position)
    return Term(xorb=_hex(xorb), size=size, start=start, end=end)


def _hex(raw: bytes) -> str:
    """Hashes are written as four little-endian numbers."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", raw))


def _check_terms(hub: Hub, user_id: str, file: XetFile) -> None:
    for term in file.terms:
        path = xorb_path(hub, user_id, term.xorb)
        chunks = chunks_of(path) if path.exists() else ()
        run = chunks[term.start : term.end]
        if not run or term.end > len(chunks) or sum(chunk[2] for chunk in run) != term.size:
            raise HubError(400, f"The shard names chunks of {term.xorb} that you have not uploaded")
        _named_now(path)
