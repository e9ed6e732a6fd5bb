"""What a file is, by its first bytes: names and components may say anything."""

from enum import StrEnum
from pathlib import Path

HEAD = 4096


class MediaKind(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    OTHER = "other"


STARTS = (
    (b"\x89PNG\r\n\x1a\n", MediaKind.IMAGE, ".png"),
    (b"\xff\xd8\xff", MediaKind.IMAGE, ".jpg"),
    (b"GIF8", MediaKind.IMAGE, ".gif"),
    (b"BM", MediaKind.IMAGE, ".bmp"),
    (b"II*\0", MediaKind.IMAGE, ".tiff"),
    (b"MM\0*", MediaKind.IMAGE, ".tiff"),
    (b"fLaC", MediaKind.AUDIO, ".flac"),
    (b"OggS", MediaKind.AUDIO, ".ogg"),
    (b"ID3", MediaKind.AUDIO, ".mp3"),
    (b"\xff\xfb", MediaKind.AUDIO, ".mp3"),
    (b"\xff\xf3", MediaKind.AUDIO, ".mp3"),
    (b"\xff\xf1", MediaKind.AUDIO, ".aac"),
    (b"\xff\xf9", MediaKind.AUDIO, ".aac"),
    (b"\x1a\x45\xdf\xa3", MediaKind.VIDEO, ".webm"),
    (b"glTF", MediaKind.OTHER, ".glb"),
    (b"ISO-10303-21;", MediaKind.OTHER, ".step"),
    (b"STL Exported by", MediaKind.OTHER, ".stl"),
    (b"  0\nSECTION", MediaKind.OTHER, ".dxf"),
    (b"%PDF", MediaKind.OTHER, ".pdf"),
    (b"PK\x03\x04", MediaKind.OTHER, ".zip"),
)
RIFF = {
    b"WAVE": (MediaKind.AUDIO, ".wav"),
    b"WEBP": (MediaKind.IMAGE, ".webp"),
    b"AVI ": (MediaKind.VIDEO, ".avi"),
}
BRANDS = {
    b"avif": (MediaKind.IMAGE, ".avif"),
    b"heic": (MediaKind.IMAGE, ".heic"),
    b"M4A ": (MediaKind.AUDIO, ".m4a"),
}
"""The kinds of the ISO container that are no films."""


def recognise(head: bytes) -> tuple[MediaKind, str]:
    """Kind and usual suffix of a file that begins with these bytes."""
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], (MediaKind.OTHER, ".riff"))
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], (MediaKind.VIDEO, ".mp4"))
    for start, kind, suffix in STARTS:
        if head.startswith(start):
            return kind, suffix
    return MediaKind.OTHER, _suffix_of_text(head)


def kind_of(file: Path) -> MediaKind:
    return recognise(_head(file))[0]


def suffix_of(file: Path) -> str:
    return recognise(_head(file))[1]


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(HEAD)


def _suffix_of_text(head: bytes) -> str:
    if b"\0" in head:
        return ".bin"
    start = head.lstrip()[:200].lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in head[:HEAD].lower():
        return ".svg"
    return ".json" if start.startswith((b"{", b"[")) else ".txt"
