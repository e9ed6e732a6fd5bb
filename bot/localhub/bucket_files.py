"""Files of a bucket's folder: found without ever leaving it, listed and described as the Hub does."""

import itertools
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.localhub.content_hashes import xet_hash_of
from bot.localhub.errors import HubError
from bot.localhub.misbehaviour import hides

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
    return file if is_real and file.is_file() and not hides(file) else None


def size_and_count(folder: Path) -> tuple[int, int]:
    sizes = [status.st_size for _, file in _all_files(folder) if (status := _status(file))]
    return sum(sizes), len(sizes)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and modification time in nanoseconds of every file, by path."""
    found = ((path, _status(file)) for path, file in _all_files(folder))
    return {path: (status.st_size, status.st_mtime_ns) for path, status in found if status}


def with_hash(folder: Path, content_hash: str) -> Path | None:
    """A file in the bucket that has this content now. Known hashes are tried first."""
    known = [file for file, (_, _, had) in list(_hashes.items()) if had == content_hash]
    paths = [file.relative_to(folder).as_posix() for file in known if file.is_relative_to(folder)]
    candidates = itertools.chain(((path, inside(folder, path)) for path in paths), _all_files(folder))
    return next((file for _, file in candidates if file and xet_hash(file) == content_hash), None)


def entry_at(folder: Path, path: str) -> dict[str, object] | None:
    """The file at a path as the API shows it, if there is one."""
    file = inside(folder, path)
    return file_entry(path, file) if file else None


def listing(folder: Path, prefix: str, *, recursive: bool) -> list[dict[str, object]]:
    """What begins with the prefix, sorted: with `recursive` files only, else also the folders on that level.

    Without `recursive` a prefix that is a folder stands for what is in it.
    """
    if prefix.strip("/") and not is_proper(prefix.strip("/")):
        raise HubError(400, f"Invalid path in the bucket: {prefix[:200]!r}")
    start = prefix.lstrip("/")
    if not recursive and prefix.strip("/") and (folder / prefix.strip("/")).is_dir():
        start = f"{prefix.strip('/')}/"
    entries: dict[str, dict[str, object]] = {}
    for path, file in _all_files(folder):
        if path.startswith(start) and (entry := file_entry(path, file)):
            shown = entry if recursive else _on_level(entry, len(start))
            _keep_newest(entries, shown)
    return [entries[path] for path in sorted(entries)]


def _all_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Path in the bucket and file."""
    for file in folder.rglob("*"):
        path = file.relative_to(folder).as_posix()
        if inside(folder, path):
            yield path, file


def _on_level(entry: dict[str, object], skip: int) -> dict[str, object]:
    """The file itself, or the folder that it is in, right below the first `skip` letters."""
    path = str(entry["path"])
    slash = path.find("/", skip)
    if slash == -1:
        return entry
    return {"type": "directory", "path": path[:slash], "uploadedAt": entry["uploadedAt"]}


def _keep_newest(entries: dict[str, dict[str, object]], entry: dict[str, object]) -> None:
    """A folder was changed when the newest of its files was."""
    path = str(entry["path"])
    known = entries.get(path)
    if known is None or str(known["uploadedAt"]) < str(entry["uploadedAt"]):
        entries[path] = entry


def file_entry(path: str, file: Path) -> dict[str, object] | None:
    """A file as the API shows it; None if a Job took it away meanwhile."""
    status, content_hash = _status(file), xet_hash(file)
    if status is None or content_hash is None:
        return None
    return {
        "type": "file",
        "path": path,
        "size": status.st_size,
        "xetHash": content_hash,
        "mtime": _time(status.st_mtime),
        # A client says when its file was changed; when it came here, the file system knows.
        "uploadedAt": _time(status.st_ctime),
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


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
            computed = xet_hash_of(file)
        except OSError:
            return None
        _hashes[file] = (status.st_size, status.st_mtime_ns, computed)
        return computed


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None
