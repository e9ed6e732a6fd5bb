"""Volumes of Jobs and Spaces: buckets, and repos as they were at one commit. There are no containers here,
so a mount path is emulated: wherever it stands in a command or an environment, the folder's path is written.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from bot.localhub import bucket_files, bucket_records, gated, repos
from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError
from bot.localhub.state import Hub

_REPOS = {"model", "dataset", "space"}
_NOT_TO_BE_WRITTEN = 0o222


class Volume(BaseModel):
    """Where the files come from, and the path under which they are expected."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    type: str
    source: str
    mount_path: str
    revision: str | None = None
    read_only: bool | None = None
    path: str | None = None
    """Folder inside the source that is mounted instead of the whole."""

    @property
    def is_copy(self) -> bool:
        """Repos are always read-only; what may not be written is a copy, so that nobody can."""
        return self.type != "bucket" or bool(self.read_only)

    def as_json(self) -> dict[str, object]:
        shown = self.model_dump(by_alias=True, exclude_none=True)
        return {**shown, "readOnly": self.is_copy}


def check(hub: Hub, caller: Caller, volumes: Iterable[Volume]) -> None:
    """Whether the volumes can be, and the caller may have them. Raises HubError."""
    for volume in volumes:
        if not re.fullmatch(r"(/[\w.-]+)+", volume.mount_path):
            raise HubError(400, f"Invalid mount path {volume.mount_path[:100]!r}: it must be like /data")
        if volume.path and not bucket_files.is_proper(volume.path):
            raise HubError(400, f"Invalid path in the bucket or repo: {volume.path[:200]!r}")
        if volume.type == "bucket":
            bucket_records.find(hub, volume.source, caller, write=not volume.read_only)
        elif volume.type in _REPOS:
            repo = repos.find(hub, repos.RepoKind(volume.type), volume.source, caller)
            gated.check(hub, repo, caller)
            repos.resolve_revision(hub, repo, volume.revision or "main")
        else:
            raise HubError(
                400, f"Unknown type of volume {volume.type[:50]!r}: bucket, model, dataset or space"
            )


def mount(hub: Hub, volumes: Iterable[Volume], folder: Path) -> Callable[[str], str]:
    """Prepare the volumes, copies below `folder`; the function writes folders in place of mount paths."""
    unmount(folder)
    found = {
        volume.mount_path: _mounted(hub, volume, folder / str(number))
        for number, volume in enumerate(volumes)
    }
    if not found:
        return lambda text: text
    longest_first = sorted(found, key=len, reverse=True)
    paths = "|".join(re.escape(path) for path in longest_first)
    mounts = re.compile(rf"(?<![\w./-])({paths})(?![\w.-])")
    return lambda text: mounts.sub(lambda match: str(found[match[1]]), text)


def unmount(folder: Path) -> None:
    """Take the copies away, those that nobody may write included."""
    if folder.exists():
        for each in [folder, *_folders_in(folder)]:
            each.chmod(0o700)
        shutil.rmtree(folder)


def _mounted(hub: Hub, volume: Volume, copy: Path) -> Path:
    if volume.type == "bucket":
        bucket = hub.all(bucket_records.Bucket).get(volume.source)
        if bucket is None:
            raise HubError(404, f"The bucket {volume.source} is gone")
        files = bucket_records.folder_of(hub, bucket) / (volume.path or "")
        if not volume.is_copy:
            files.mkdir(parents=True, exist_ok=True)
            return files
        _copy_bucket(files, copy)
        seen = copy
    else:
        repo = hub.all(repos.Repo).get(repos.key_of(repos.RepoKind(volume.type), volume.source))
        if repo is None:
            raise HubError(404, f"The {volume.type} {volume.source} is gone")
        repos.checkout(hub, repo, volume.revision or "main", copy)
        seen = copy / (volume.path or "")
        seen.mkdir(parents=True, exist_ok=True)
    _protect(copy)
    return seen


def _copy_bucket(files: Path, copy: Path) -> None:
    """Regular files only: a symbolic link in a bucket leads nowhere."""
    copy.mkdir(parents=True)
    for file in files.rglob("*") if files.is_dir() else ():
        path = file.relative_to(files).as_posix()
        if bucket_files.inside(files, path):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copy / path)


def _folders_in(folder: Path) -> list[Path]:
    """From the top down, each made enterable before it is looked into."""
    found = []
    for child in folder.iterdir():
        if child.is_dir() and not child.is_symlink():
            child.chmod(0o700)
            found += [child, *_folders_in(child)]
    return found


def _protect(folder: Path) -> None:
    for each in [*folder.rglob("*"), folder]:
        each.chmod(each.stat().st_mode & ~_NOT_TO_BE_WRITTEN)
