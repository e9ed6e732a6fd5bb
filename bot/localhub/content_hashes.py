"""The hash by which clients of xet storage know a file's content, computed by their own library."""

import hashlib
from pathlib import Path

try:
    import hf_xet  # type: ignore[import-untyped]  # it ships no types
except ImportError:  # there is no build of it for some platforms
    hf_xet = None
HAS_XET = hf_xet is not None


def xet_hash_of(file: Path) -> str:
    """64 hex digits. OSError if the file cannot be read."""
    if hf_xet is None:
        return sha256_of(file)
    return str(hf_xet.hash_files([str(file)])[0].hash)


def sha256_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
