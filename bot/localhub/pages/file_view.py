"""A file for people: its text if it is one, its picture if it is small, and else only what it is."""

import codecs
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TEXT_SHOWN = 300_000
"""Bytes of a text that are shown; the rest is there to download."""
PICTURE_SHOWN = 3_000_000
_PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
"""No SVG: it is a program. It is shown as text."""


@dataclass(frozen=True)
class FileView:
    """`text` or `picture` (a data: address) or neither."""

    size: int
    text: str | None = None
    is_cut: bool = False
    picture: str | None = None

    @property
    def lines(self) -> int:
        return len((self.text or "").splitlines())


def view_of(file: Path, name: str) -> FileView:
    """How to show the file, whose name says whether it is a picture."""
    size = file.stat().st_size
    subtype = _PICTURES.get(PurePosixPath(name).suffix.lower())
    if subtype and size <= PICTURE_SHOWN:
        content = b64encode(file.read_bytes()).decode()
        return FileView(size, picture=f"data:image/{subtype};base64,{content}")
    with file.open("rb") as stream:
        start = stream.read(TEXT_SHOWN)
    return FileView(size, text=_text(start, whole=size <= TEXT_SHOWN), is_cut=size > TEXT_SHOWN)


def _text(content: bytes, *, whole: bool) -> str | None:
    """The content as text, or None if it is none. A cut may go through a character at the end."""
    if b"\0" in content:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content, final=whole)
    except UnicodeDecodeError:
        return None
