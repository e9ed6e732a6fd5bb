"""What a GGUF file says about itself: architecture, context, chat template, and its tensors' parameters.

The layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Little-endian files of version 2 and 3.
"""

import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from bot.localhub import blobs
from bot.localhub.repos import Blob
from bot.localhub.state import Hub

NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
LONGEST = 10_000_000
"""Bytes of a string, entries of an array."""
DEEPEST = 4
"""Arrays within arrays."""
_SHARD = re.compile(r"-(\d{5})-of-\d{5}\.gguf$")


def gguf_of(hub: Hub, files: Mapping[str, Blob]) -> dict[str, Any] | None:
    """What the repo's first GGUF file says, with all its shards' parameters. None if it cannot be read."""
    names = sorted(name for name in files if name.endswith(".gguf") and "mmproj" not in name)
    if not names:
        return None
    shards = [name for name in names if _of_one_model(name, names[0])]
    try:
        told = [_told(blobs.path_of(hub, files[name].oid)) for name in shards]
    except (OSError, ValueError, struct.error):
        return None
    return {**told[0], "total": sum(shard["total"] for shard in told)}


def _of_one_model(name: str, first: str) -> bool:
    sharded = _SHARD.search(first) is not None
    return name == first or (sharded and _SHARD.sub("", name) == _SHARD.sub("", first))


@lru_cache(maxsize=200)
def _told(file: Path) -> Mapping[str, Any]:
    with file.open("rb") as opened:
        magic, version, tensors, pairs = struct.unpack("<4sIQQ", opened.read(24))
        if magic != b"GGUF" or version not in {2, 3}:
            raise ValueError("not a GGUF file that can be read")
        fields = {_string(opened): _value(opened, _number(opened, "I")) for _ in range(_sane(pairs))}
        total = sum(_parameters(opened) for _ in range(_sane(tensors)))
    architecture = fields.get("general.architecture")
    tokens = fields.get("tokenizer.ggml.tokens")
    told = {
        "total": total,
        "architecture": architecture,
        "context_length": fields.get(f"{architecture}.context_length"),
        "chat_template": fields.get("tokenizer.chat_template"),
        "bos_token": _token(tokens, fields.get("tokenizer.ggml.bos_token_id")),
        "eos_token": _token(tokens, fields.get("tokenizer.ggml.eos_token_id")),
        "quantize_imatrix_file": fields.get("quantize.imatrix.file"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _parameters(opened: BinaryIO) -> int:
    """Of the tensor that is described next: its name, dimensions, type and place."""
    _string(opened)
    dimensions = _sane(_number(opened, "I"))
    size = prod(_number(opened, "Q") for _ in range(dimensions))
    opened.seek(12, 1)
    return size


def _value(opened: BinaryIO, kind: int, depth: int = 0) -> object:
    if kind == STRING:
        return _string(opened)
    if kind == ARRAY and depth < DEEPEST:
        of, length = _number(opened, "I"), _sane(_number(opened, "Q"))
        return [_value(opened, of, depth + 1) for _ in range(length)]
    if kind not in NUMBERS:
        raise ValueError(f"unknown type {kind}")
    return _number(opened, NUMBERS[kind])


def _number(opened: BinaryIO, code: str) -> int:
    (number,) = struct.unpack(f"<{code}", opened.read(struct.calcsize(f"<{code}")))
    return number  # type: ignore[no-any-return]  # struct's result has no type


def _string(opened: BinaryIO) -> str:
    return opened.read(_sane(_number(opened, "Q"))).decode("utf-8", "replace")


def _sane(length: int) -> int:
    if length > LONGEST:
        raise ValueError(f"a length of {length}")
    return length


def _token(tokens: object, number: object) -> str | None:
    inside = isinstance(tokens, list) and isinstance(number, int) and 0 <= number < len(tokens)
    return str(tokens[number]) if inside else None  # type: ignore[index]  # `inside` says that it is a list
