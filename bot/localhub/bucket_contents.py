"""What is in a bucket: listing it, asking about paths, deleting, and reading files."""

import contextlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.localhub import bucket_files
from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.bucket_records import Bucket, find, folder_of
from bot.localhub.errors import HubError
from bot.localhub.paging import one_page
from bot.localhub.sessions import browser_caller

router = APIRouter()
API = "/api/buckets/{namespace}/{name}"
PAGE = 1000


class Paths(BaseModel):
    paths: list[str]


class Operation(BaseModel):
    """One line of a batch."""

    type: Literal["addFile", "copyFile", "deleteFile"]
    path: str


def _readable(hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> Bucket:
    return find(hub, f"{namespace}/{name}", caller)


def _writable(hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> Bucket:
    return find(hub, f"{namespace}/{name}", caller, write=True)


ReadableBucket = Annotated[Bucket, Depends(_readable)]
WritableBucket = Annotated[Bucket, Depends(_writable)]


@router.get(API + "/tree")
@router.get(API + "/tree/{prefix:path}")
def tree(
    request: Request,
    hub: TheHub,
    bucket: ReadableBucket,
    prefix: str = "",
    recursive: bool = False,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    entries = bucket_files.listing(folder_of(hub, bucket), prefix, recursive=recursive)
    shown, headers = one_page(request, entries, cursor, limit)
    return JSONResponse(shown, headers=headers)


@router.post(API + "/paths-info")
def paths_info(hub: TheHub, bucket: ReadableBucket, body: Paths) -> list[dict[str, object]]:
    folder = folder_of(hub, bucket)
    found = ((path, bucket_files.inside(folder, path)) for path in body.paths)
    entries = (bucket_files.file_entry(path, file) for path, file in found if file is not None)
    return [entry for entry in entries if entry is not None]


@router.post(API + "/batch")
async def batch(request: Request, hub: TheHub, bucket: WritableBucket) -> JSONResponse:
    operations = _operations((await request.body()).splitlines())
    if kind := next((each.type for each in operations if each.type != "deleteFile"), None):
        raise HubError(
            501, f"The local Hub does not have {kind} in buckets yet; a Job can write to one it mounts"
        )
    failed = [problem for each in operations if (problem := _delete(folder_of(hub, bucket), each.path))]
    answer = {
        "success": not failed,
        "processed": len(operations),
        "succeeded": len(operations) - len(failed),
        "failed": failed,
    }
    return JSONResponse(answer, 422 if failed and len(failed) == len(operations) else 200)


def _operations(lines: Iterable[bytes]) -> list[Operation]:
    try:
        return [TypeAdapter(Operation).validate_json(line) for line in lines if line.strip()]
    except ValidationError:
        raise HubError(400, "Each line must be a JSON object with a type and a path") from None


def _delete(folder: Path, path: str) -> dict[str, str] | None:
    """Delete one file and the folders it leaves empty; the problem if there is no such file."""
    file = bucket_files.inside(folder, path)
    if file is None:
        return {"path": path, "error": "There is no such file"}
    file.unlink()
    for parent in itertools.takewhile(lambda parent: parent != folder, file.parents):
        with contextlib.suppress(OSError):  # it still holds something
            parent.rmdir()
    return None


@router.api_route("/buckets/{namespace}/{name}/resolve/{path:path}", methods=["GET", "HEAD"])
def resolve(
    request: Request, hub: TheHub, caller: MaybeCaller, namespace: str, name: str, path: str
) -> FileResponse:
    """A file's content, also for the person who is signed in with the browser. Understands Range."""
    bucket = find(hub, f"{namespace}/{name}", caller or browser_caller(request))
    file = bucket_files.inside(folder_of(hub, bucket), path)
    xet_hash = bucket_files.xet_hash(file) if file else None
    if file is None or xet_hash is None:
        raise HubError(404, "Entry not found", code="EntryNotFound")
    headers = {
        "ETag": f'"{xet_hash}"',
        "X-Xet-Hash": xet_hash,
        "X-Linked-Etag": f'"{xet_hash}"',
        "X-Linked-Size": str(file.stat().st_size),
        "Link": f'<{hub.endpoint}/api/buckets/{quote(bucket.id)}/xet-read-token>; rel="xet-auth"',
        # Files are what Jobs wrote: nothing in them may run on the Hub's own address.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(file, media_type="application/octet-stream", headers=headers)
