"""How a file is put together from packed chunks, in the words of xet storage: what to fetch, and where.

A file that lies here in plain is served as if it were packed: its bytes in chunks, each with a header that
says "not compressed". So whatever a Job wrote or another protocol brought can be downloaded at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.localhub import signed, xet_uploads
from bot.localhub.errors import HubError
from bot.localhub.state import Hub

CHUNK = 65_536
PIECE = 128 * CHUNK
"""Bytes of content that a client fetches at a time."""
LIFETIME = 3600


class Content(signed.Pass):
    """Lets its holder fetch some bytes of one file, as long as nobody has changed it."""

    file: str
    """Below the Hub's folder."""
    changed: int
    """Modification time in nanoseconds."""
    start: int
    end: int
    packed: bool
    """Whether the bytes are chunks already."""


@dataclass(frozen=True)
class Range:
    """Bytes of a file's content, from `start` up to but without `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class _Fetch:
    """One run of chunks: `skip` bytes at its beginning are before the range that was asked for."""

    xorb: str
    first: int
    last: int
    size: int
    skip: int
    granted: Content
    where: tuple[int, int]


def of_plain_file(
    hub: Hub, base: str, content_hash: str, file: Path, wanted: Range | None
) -> dict[str, object]:
    status = file.stat()
    asked = _within(wanted, status.st_size)
    fetches = []
    for start in range(asked.start // CHUNK * CHUNK, asked.end, PIECE):
        end = min(start + PIECE, -(-asked.end // CHUNK) * CHUNK, status.st_size)
        granted = _content(hub, file, status.st_mtime_ns, start, end, packed=False)
        count = -(-(end - start) // CHUNK)
        name = sha256(f"{content_hash} {start} {end}".encode()).hexdigest()
        length = end - start + 8 * count
        fetches.append(_Fetch(name, 0, count, end - start, max(0, asked.start - start), granted, (0, length)))
    return _answer(hub, base, fetches)


def of_upload(
    hub: Hub, base: str, user_id: str, file: xet_uploads.XetFile, wanted: Range | None
) -> dict[str, object]:
    asked = _within(wanted, file.size)
    return _answer(hub, base, list(_runs(hub, user_id, file, asked)))


def _runs(hub: Hub, user_id: str, file: xet_uploads.XetFile, asked: Range) -> Iterator[_Fetch]:
    position = 0
    for term in file.terms:
        path = xet_uploads.xorb_path(hub, user_id, term.xorb)
        chunks = xet_uploads.chunks_of(path)
        inside: list[int] = []
        begin = 0
        for number in range(term.start, term.end):
            end = position + chunks[number][2]
            if position < asked.end and end > asked.start:
                begin = begin if inside else position
                inside.append(number)
            position = end
        if inside:
            first, last = inside[0], inside[-1]
            size = sum(chunks[number][2] for number in inside)
            where = (chunks[first][0], chunks[last][1])
            granted = _content(hub, path, path.stat().st_mtime_ns, *where, packed=True)
            yield _Fetch(term.xorb, first, last + 1, size, max(0, asked.start - begin), granted, where)


def content(hub: Hub, granted: Content) -> bytes:
    """The packed bytes that a pass stands for. HubError 404 if the file has changed since."""
    file = hub.folder / granted.file
    try:
        with file.open("rb") as stream:
            stream.seek(granted.start)
            body = stream.read(granted.end - granted.start)
            is_same = file.stat().st_mtime_ns == granted.changed
    except OSError:
        is_same = False
    if not is_same:
        raise HubError(404, "The file has changed since. Ask for its new hash")
    return body if granted.packed else _packed(body)


def _packed(body: bytes) -> bytes:
    pieces = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)]
    return b"".join(_header(len(piece)) + piece for piece in pieces)


def _header(size: int) -> bytes:
    """Version 0, packed size, no compression, size."""
    return b"\0" + size.to_bytes(3, "little") + b"\0" + size.to_bytes(3, "little")


def _content(hub: Hub, file: Path, changed: int, start: int, end: int, *, packed: bool) -> Content:
    return Content(
        expires=signed.expiry(LIFETIME),
        file=file.relative_to(hub.folder).as_posix(),
        changed=changed,
        start=start,
        end=end,
        packed=packed,
    )


def _within(wanted: Range | None, size: int) -> Range:
    if wanted is None:
        return Range(0, size)
    if wanted.start >= size:
        raise HubError(416, f"The file has {size} bytes")
    return Range(wanted.start, min(wanted.end, size))


def _answer(hub: Hub, base: str, fetches: list[_Fetch]) -> dict[str, object]:
    sources: dict[str, list[dict[str, object]]] = {}
    for fetch in fetches:
        source: dict[str, object] = {
            "range": {"start": fetch.first, "end": fetch.last},
            "url": f"{base}/content?pass={signed.sign(hub, fetch.granted)}",
            "url_range": {"start": fetch.where[0], "end": fetch.where[1] - 1},
        }
        sources.setdefault(fetch.xorb, []).append(source)
    terms = [
        {"hash": each.xorb, "unpacked_length": each.size, "range": {"start": each.first, "end": each.last}}
        for each in fetches
    ]
    return {
        "offset_into_first_range": fetches[0].skip if fetches else 0,
        "terms": terms,
        "fetch_info": sources,
    }
