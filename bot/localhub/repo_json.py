"""JSON files of a repo, as the Hub reads them to tell about it: broken or huge ones count as empty."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.localhub import blobs
from bot.localhub.repos import Blob
from bot.localhub.state import Hub

LARGEST = 5_000_000
"""Bytes of a file that is looked into."""


def read_json(hub: Hub, files: Mapping[str, Blob], path: str) -> Mapping[str, Any]:
    """The object in this file; empty when there is none."""
    file = files.get(path)
    return _object(blobs.path_of(hub, file.oid)) if file and file.size <= LARGEST else {}


def read_text(hub: Hub, files: Mapping[str, Blob], path: str) -> str | None:
    file = files.get(path)
    if file is None or file.size > LARGEST:
        return None
    return blobs.read(hub, file.oid).decode("utf-8", "replace")


@lru_cache(maxsize=500)
def _object(file: Path) -> Mapping[str, Any]:
    """A blob never changes, so what it holds is worth remembering."""
    try:
        found = json.loads(file.read_bytes(), parse_constant=str)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
