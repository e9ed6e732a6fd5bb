"""How many parameters a model's safetensors files hold, by type of number. Read from their headers alone."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from bot.localhub import blobs
from bot.localhub.repo_json import read_json
from bot.localhub.repos import Blob
from bot.localhub.state import Hub

WHOLE = ("model.safetensors", "adapter_model.safetensors")
INDEX = "model.safetensors.index.json"
LONGEST_HEADER = 25_000_000
"""Bytes, as the client has it."""


def safetensors_of(hub: Hub, files: Mapping[str, Blob]) -> dict[str, Any] | None:
    """`{"parameters": {"F32": 12}, "total": 12}`. None without safetensors files, or with broken ones."""
    parts = _parts(hub, files)
    if not parts or any(part not in files for part in parts):
        return None
    try:
        counts = [_counts(blobs.path_of(hub, files[part].oid)) for part in parts]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    by_type: Counter[str] = sum((Counter(count) for count in counts), Counter())
    return {"parameters": dict(by_type), "total": by_type.total()}


def _parts(hub: Hub, files: Mapping[str, Blob]) -> list[str]:
    """The one file, or the shards that the index names."""
    whole = next((name for name in WHOLE if name in files), None)
    if whole is not None:
        return [whole]
    weight_map = read_json(hub, files, INDEX).get("weight_map")
    return sorted({str(shard) for shard in weight_map.values()}) if isinstance(weight_map, dict) else []


@lru_cache(maxsize=500)
def _counts(file: Path) -> Mapping[str, int]:
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if length > LONGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        header = json.loads(opened.read(length))
    counts: Counter[str] = Counter()
    for name, tensor in header.items():
        if name != "__metadata__":
            counts[str(tensor["dtype"])] += prod(int(size) for size in tensor["shape"])
    return counts
