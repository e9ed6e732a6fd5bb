"""Many changes of a bucket in one request: files are added, copied and deleted, each for itself.

One that cannot be done does not stop the others; the answer names it.
"""

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.localhub import blobs, bucket_files, gated, large_files, xet_arrivals, xet_uploads
from bot.localhub.accounts import Caller, TheCaller, TheHub
from bot.localhub.bucket_contents import API, WritableBucket
from bot.localhub.bucket_records import Bucket, folder_of
from bot.localhub.bucket_records import find as find_bucket
from bot.localhub.errors import HubError
from bot.localhub.repos import RepoKind, find
from bot.localhub.state import Hub

router = APIRouter()
Hash = Annotated[str, Field(alias="xetHash", pattern="^[0-9a-f]{64}$")]
MAX_OPERATIONS = 10_000


class AddFile(BaseModel):
    type: Literal["addFile"]
    path: str
    content_hash: Hash
    mtime: float | None = None
    """Milliseconds since 1970."""


class CopyFile(BaseModel):
    type: Literal["copyFile"]
    path: str
    content_hash: Hash
    mtime: float | None = None
    source_type: Literal["model", "dataset", "space", "bucket"] = Field(alias="sourceRepoType")
    source_id: str = Field(alias="sourceRepoId")


class DeleteFile(BaseModel):
    type: Literal["deleteFile"]
    path: str


Operation = Annotated[AddFile | CopyFile | DeleteFile, Field(discriminator="type")]


class Impossible(Exception):
    """Why one operation cannot be done."""


@router.post(API + "/batch")
async def batch(request: Request, hub: TheHub, caller: TheCaller, bucket: WritableBucket) -> JSONResponse:
    operations = _read((await request.body()).splitlines())
    added = {each.content_hash for each in operations if isinstance(each, AddFile)}
    uploads = (xet_uploads.find_file(hub, caller.user.id, content_hash) for content_hash in added)
    arrived = await xet_arrivals.fetch(hub, caller.user.id, (file for file in uploads if file))
    failed = await anyio.to_thread.run_sync(_apply_all, hub, caller, bucket, operations, arrived)
    answer = {
        "success": not failed,
        "processed": len(operations),
        "succeeded": len(operations) - len(failed),
        "failed": failed,
    }
    return JSONResponse(answer, 422 if failed and len(failed) == len(operations) else 200)


def _read(lines: Iterable[bytes]) -> list[AddFile | CopyFile | DeleteFile]:
    reader: TypeAdapter[AddFile | CopyFile | DeleteFile] = TypeAdapter(Operation)
    try:
        operations = [reader.validate_json(line) for line in lines if line.strip()]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "line"
        raise HubError(400, f"A line of the batch cannot be read: {where}: {first['msg']}"[:500]) from None
    if len(operations) > MAX_OPERATIONS:
        raise HubError(400, f"A batch has at most {MAX_OPERATIONS} operations")
    return operations


def _apply_all(
    hub: Hub,
    caller: Caller,
    bucket: Bucket,
    operations: Iterable[AddFile | CopyFile | DeleteFile],
    arrived: Mapping[str, Path],
) -> list[dict[str, str]]:
    """Do them in order; returns the failures."""
    failed = []
    for each in operations:
        try:
            _apply(hub, caller, folder_of(hub, bucket), each, arrived)
        except Impossible as problem:
            failed.append({"path": each.path, "error": str(problem)})
        except (OSError, ValueError):  # a name that the file system does not take
            failed.append({"path": each.path, "error": "The file could not be written under this name"})
    for file in arrived.values():
        file.unlink(missing_ok=True)
    return failed


def _apply(
    hub: Hub,
    caller: Caller,
    folder: Path,
    operation: AddFile | CopyFile | DeleteFile,
    arrived: Mapping[str, Path],
) -> None:
    match operation:
        case DeleteFile(path=path):
            _delete(folder, path)
        case AddFile(path=path, content_hash=content_hash):
            source = arrived.get(content_hash) or bucket_files.with_hash(folder, content_hash)
            if source is None:
                raise Impossible("The content has not been uploaded: send it to the xet store first")
            _place(hub, folder, path, source, operation.mtime)
        case CopyFile(path=path):
            _place(hub, folder, path, _source(hub, caller, operation), operation.mtime)


def _source(hub: Hub, caller: Caller, operation: CopyFile) -> Path:
    """The file to copy, in a place that the caller may read."""
    try:
        found = _find_source(hub, caller, operation)
    except HubError as error:
        raise Impossible(f"{operation.source_type} {operation.source_id}: {error.message}") from None
    if found is None:
        raise Impossible(f"{operation.source_type} {operation.source_id} has no file with this xetHash")
    return found


def _find_source(hub: Hub, caller: Caller, operation: CopyFile) -> Path | None:
    if operation.source_type == "bucket":
        bucket = find_bucket(hub, operation.source_id, caller)
        return bucket_files.with_hash(folder_of(hub, bucket), operation.content_hash)
    repo = find(hub, RepoKind(operation.source_type), operation.source_id, caller)
    gated.check(hub, repo, caller)
    large = hub.all(large_files.LargeFile).get(f"xet:{operation.content_hash}")
    is_there = large is not None and large_files.holds(hub, repo, large.oid)
    return blobs.path_of(hub, large.oid) if large is not None and is_there else None


def _place(hub: Hub, folder: Path, path: str, source: Path, mtime: float | None) -> None:
    """Put a copy of the source at the path, in one step, through real folders only."""
    if not bucket_files.is_proper(path):
        raise Impossible("The path must be plain names joined by single slashes")
    target = folder / path
    above = list(itertools.takewhile(lambda parent: parent != folder, target.parents))
    if any(parent.is_symlink() or parent.is_file() for parent in above):
        raise Impossible("A file is where the path needs a folder")
    if target.is_dir() and not target.is_symlink():
        raise Impossible("There is a folder of this name")
    aside = blobs.incoming(hub)
    shutil.copyfile(source, aside)
    if mtime is not None:
        with contextlib.suppress(OverflowError):  # a moment that files cannot have
            os.utime(aside, ns=(int(mtime * 1_000_000), int(mtime * 1_000_000)))
    target.parent.mkdir(parents=True, exist_ok=True)
    aside.replace(target)


def _delete(folder: Path, path: str) -> None:
    """Delete one file and the folders it leaves empty."""
    file = bucket_files.inside(folder, path)
    if file is None:
        raise Impossible("There is no such file")
    file.unlink()
    for parent in itertools.takewhile(lambda parent: parent != folder, file.parents):
        with contextlib.suppress(OSError):  # it still holds something
            parent.rmdir()
