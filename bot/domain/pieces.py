"""What a Space was sent and what it answered, as what it is: words, labels with their shares, data, or files
of the run's record.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from pydantic import JsonValue

from worker.contract import Report

ARTIFACT = re.compile(r"artifacts/([\w][\w.-]{0,120})\Z", re.ASCII)
SHOWN_LABELS = 5


class PieceKind(StrEnum):
    TEXT = "text"
    LABELS = "labels"
    DATA = "data"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"


BY_SUFFIX = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp"), PieceKind.IMAGE),
    **dict.fromkeys((".wav", ".mp3", ".flac", ".ogg"), PieceKind.AUDIO),
    **dict.fromkeys((".mp4", ".webm"), PieceKind.VIDEO),
}


@dataclass(frozen=True)
class Piece:
    """`words` are the text, the data as JSON, or a file's name in the record's `artifacts/`."""

    kind: PieceKind
    words: str
    shares: tuple[tuple[str, float], ...] = ()
    """Labels and how sure of them it is, from 0 to 1."""


def pieces(value: JsonValue) -> list[Piece]:
    """Its files one by one; the rest in one piece, unless there is nothing but files."""
    files = [Piece(BY_SUFFIX.get(PurePosixPath(name).suffix, PieceKind.FILE), name) for name in _files(value)]
    return files if files and _is_files(value) else [*files, _words(value)]


def artifact_names(report: Report) -> frozenset[str]:
    """The files of the record that its probes name."""
    return frozenset(
        name for probe in report.probes for value in (probe.inputs, probe.output) for name in _files(value)
    )


def _files(value: JsonValue | Mapping[str, JsonValue]) -> Iterator[str]:
    match value:
        case str():
            if found := ARTIFACT.match(value):
                yield found[1]
        case list():
            for each in value:
                yield from _files(each)
        case dict():
            for each in value.values():
                yield from _files(each)


def _is_files(value: JsonValue) -> bool:
    """Whether it is a file or a list of files, and nothing beside."""
    match value:
        case str():
            return bool(ARTIFACT.match(value))
        case list():
            return all(_is_files(each) for each in value)
        case _:
            return False


def _words(value: JsonValue) -> Piece:
    match value:
        case {"label": str(label), "confidences": [*shares]}:
            return Piece(PieceKind.LABELS, label, tuple(_share(each) for each in shares[:SHOWN_LABELS]))
        case str():
            return Piece(PieceKind.TEXT, value)
        case _:
            return Piece(PieceKind.DATA, json.dumps(value, ensure_ascii=False))


def _share(share: JsonValue) -> tuple[str, float]:
    match share:
        case {"label": label, "confidence": int() | float() as confidence}:
            return str(label), min(max(float(confidence), 0.0), 1.0)
        case {"label": label}:
            return str(label), 0.0
        case _:
            return str(share), 0.0
