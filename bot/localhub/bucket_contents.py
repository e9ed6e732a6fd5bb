"""What is in a bucket: listing it, asking about paths, and reading files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel

from bot.localhub import bucket_files, xet_access
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
    recursive: bool = True,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    entries = bucket_files.listing(folder_of(hub, bucket), prefix, recursive=recursive)
    shown, headers = one_page(request, entries, cursor, limit)
    return JSONResponse(shown, headers=headers)


@router.post(API + "/paths-info")
def paths_info(hub: TheHub, bucket: ReadableBucket, body: Paths) -> list[dict[str, object]]:
    folder = folder_of(hub, bucket)
    entries = (bucket_files.entry_at(folder, path) for path in body.paths)
    return [entry for entry in entries if entry is not None]


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
        "X-Linked-Etag": f'"{xet_hash}"',
        "X-Linked-Size": str(file.stat().st_size),
        **xet_access.headers(f"{hub.endpoint}/api/buckets/{bucket.id}/xet-read-token", xet_hash),
        # Files are what Jobs wrote: nothing in them may run on the Hub's own address.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(file, media_type="application/octet-stream", headers=headers)
