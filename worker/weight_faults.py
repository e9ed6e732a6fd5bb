"""What is wrong with the weights of a model, as far as names, sizes and first bytes tell. Nothing is loaded.

What is said here would otherwise be an app that cannot start, after the Space has been built.
"""

import re
import struct
from collections import Counter
from collections.abc import Mapping

from huggingface_hub.errors import HfHubHTTPError

from worker.card import Card, json_object
from worker.errors import Blocker
from worker.hub import Hub
from worker.loader import Loader

MOST_FILES = 4
"""Whose first bytes are read: the smallest, because what is broken is small."""
LARGEST_HEADER = 1024 * 1024
"""Bytes of a safetensors header that is read whole."""
POINTER = b"version https://git-lfs"
PART = re.compile(r"-\d{5}-of-(?P<whole>\d{5,6})(?=\.)")
GGUF_VERSIONS = frozenset({2, 3})


def broken_weights(hub: Hub, card: Card, files: Mapping[str, int]) -> Blocker | None:
    """The first fault of the files (size by path) that would be opened."""
    if fault := _missing_parts(files):
        return _blocker(card, fault)
    for path, size in sorted(files.items(), key=lambda file: file[1])[:MOST_FILES]:
        if fault := _fault(hub, card, path, size):
            return _blocker(card, f"{path} {fault}")
    return None


def broken_config(card: Card, loader: Loader) -> Blocker | None:
    """Why a library that reads config.json first could not open the model."""
    if loader not in {Loader.TRANSFORMERS, Loader.SENTENCE_TRANSFORMERS}:
        return None
    remark = next((each for each in card.remarks if "config.json" in each and "JSON object" in each), None)
    if "config.json" not in card.files:
        remark = f"there is no config.json in {card.model_id}"
    if remark is None:
        return None
    message = (
        f"{card.model_id} cannot be loaded: {remark.removesuffix('.')}, and {loader} reads it first."
        " Upload it again, or ask for a revision in which it is whole."
    )
    return Blocker(code="broken_config", message=message, tried="The model's config.json was read.")


def _blocker(card: Card, fault: str) -> Blocker:
    message = (
        f"The weights of {card.model_id} are broken: {fault}. No app could load them."
        " Upload them again, or ask for a revision in which they are whole."
    )
    return Blocker(
        code="broken_weights", message=message, tried="Sizes and headers of the weights were read."
    )


def _missing_parts(files: Mapping[str, int]) -> str | None:
    """Whether a set of files that counts its parts lacks some. Some sets count from zero."""
    there = Counter(_without_part(path) for path in files)
    for path in files:
        if (part := PART.search(path)) and (found := there[_without_part(path)]) < int(part["whole"]):
            return f"{path} is one of {int(part['whole'])} parts, and {found} of them can be found"
    return None


def _without_part(path: str) -> str:
    return PART.sub(r"-of-\g<whole>", path)


def _fault(hub: Hub, card: Card, path: str, size: int) -> str | None:
    start = _start(hub, card, path, len(POINTER))
    if start is None:
        return None  # the Hub did not give it now, which says nothing about the file
    if not start:
        return "is empty"
    if start.startswith(POINTER):
        return "is a pointer to a large file that was never uploaded"
    if path.endswith(".gguf"):
        return _fault_of_gguf(start)
    if path.endswith(".safetensors"):
        return _fault_of_safetensors(hub, card, path, size, start)
    return None


def _fault_of_gguf(start: bytes) -> str | None:
    magic, version = start[:4], int.from_bytes(start[4:8], "little")
    return None if magic == b"GGUF" and version in GGUF_VERSIONS else "has no GGUF header that can be read"


def _fault_of_safetensors(hub: Hub, card: Card, path: str, size: int, start: bytes) -> str | None:
    if len(start) < 8:
        return "is too short for a safetensors file"
    (length,) = struct.unpack("<Q", start[:8])
    if length > size - 8:
        return f"has {size} bytes, and its header claims to be longer"
    if length > LARGEST_HEADER:
        return None
    whole = _start(hub, card, path, 8 + length)
    header = json_object(whole[8:].decode(errors="replace")) if whole else {}
    if header is None:
        return "has a header that is not JSON"
    return _fault_of_tensors(
        {name: each for name, each in header.items() if name != "__metadata__"}, size - 8 - length
    )


def _fault_of_tensors(tensors: Mapping[str, object], room: int) -> str | None:
    """Whether the tensors lie one after another in so many bytes."""
    spans: list[tuple[int, int]] = []
    for tensor in tensors.values():
        match tensor:
            case {"dtype": str(), "shape": list(), "data_offsets": [int() as first, int() as last]}:
                spans.append((first, last))
            case _:
                return "has a header that describes no tensors"
    end = 0
    for first, last in sorted(spans):
        if first < end or last < first:
            return "has tensors that overlap"
        end = last
    return "has a header that names more bytes than are there" if end > room else None


def _start(hub: Hub, card: Card, path: str, count: int) -> bytes | None:
    try:
        return hub.read(card.model_id, card.revision, path, count)
    except HfHubHTTPError:
        return None
