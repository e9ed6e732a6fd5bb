"""Files of a bucket's folder: found without ever leaving it, listed and described as the Hub does."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from bot.localhub.errors import HubError

try:
    from hf_xet import hash_files  # type: ignore[import-untyped]  # it ships no types
except ImportError:  # there is no build of it for some platforms
    hash_files = None

_hashes: dict[Path, tuple[int, int, str]] = {}
"""Size, modification time in nanoseconds, and the hash that the file had then."""
_hashing = threading.Lock()


def is_proper(path: str) -> bool:
    """Whether a path names something inside a bucket: plain names joined by single slashes."""
    return bool(path) and not any(
        part in {"", ".", ".."} or "\0" in part or "\\" in part for part in path.split("/")
    )


def inside(folder: Path, path: str) -> Path | None:
    """The regular file that the path names, reached through real folders only; None if there is none.

    A Job may have left symbolic links in the bucket: they lead nowhere.
    """
    if not is_proper(path):
        return None
    file = folder / path
    try:
        is_real = file.resolve(strict=True) == folder.resolve() / PurePosixPath(path)
    except OSError:
        return None
    return file if is_real and file.is_file() else None


def size_and_count(folder: Path) -> tuple[int, int]:
    sizes = [status.st_size for _, file in _all_files(folder) if (status := _status(file))]
    return sum(sizes), len(sizes)


def listing(folder: Path, prefix: str, *, recursive: bool) -> list[dict[str, object]]:
    """Files and folders below the prefix, which is a folder or the beginning of a name."""
    prefix = prefix.strip("/")
    if prefix and not is_proper(prefix):
        raise HubError(400, f"Invalid path in the bucket: {prefix[:200]!r}")
    start = f"{prefix}/" if prefix and (folder / prefix).is_dir() else prefix
    entries: dict[str, dict[str, object]] = {}
    for path, file in _all_files(folder):
        if path.startswith(start) and (entry := file_entry(path, file)):
            _add(entries, entry, len(start), recursive=recursive)
    return [entries[path] for path in sorted(entries)]


def _all_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Path in the bucket and file."""
    for file in folder.rglob("*"):
        path = file.relative_to(folder).as_posix()
        if inside(folder, path):
            yield path, file


def _add(
    entries: dict[str, dict[str, object]], entry: dict[str, object], skip: int, *, recursive: bool
) -> None:
    """Add a file and the folders above it; without `recursive` only what is right below `skip` letters."""
    path = str(entry["path"])
    slash = path.find("/", skip)
    while slash != -1:
        folder = {"type": "directory", "path": path[:slash], "uploadedAt": entry["uploadedAt"]}
        entries.setdefault(path[:slash], folder)
        if not recursive:
            return
        slash = path.find("/", slash + 1)
    entries[path] = entry


def file_entry(path: str, file: Path) -> dict[str, object] | None:
    """A file as the API shows it; None if a Job took it away meanwhile."""
    status, content_hash = _status(file), xet_hash(file)
    if status is None or content_hash is None:
        return None
    changed = datetime.fromtimestamp(status.st_mtime, UTC).isoformat().replace("+00:00", "Z")
    return {
        "type": "file",
        "path": path,
        "size": status.st_size,
        "xetHash": content_hash,
        "mtime": changed,
        "uploadedAt": changed,
    }


def xet_hash(file: Path) -> str | None:
    """The hash by which clients know the content; None if the file is gone."""
    status = _status(file)
    if status is None:
        return None
    with _hashing:
        size, changed, known = _hashes.get(file, (0, 0, ""))
        if known and (size, changed) == (status.st_size, status.st_mtime_ns):
            return known
        try:
            computed = _computed_hash(file)
        except OSError:
            return None
        _hashes[file] = (status.st_size, status.st_mtime_ns, computed)
        return computed


def _computed_hash(file: Path) -> str:
    if hash_files is None:
        return sha256(file.read_bytes()).hexdigest()
    return str(hash_files([str(file)])[0].hash)


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None
