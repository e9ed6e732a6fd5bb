"""Storage Buckets: creating, finding, setting up and deleting them."""

import re
import secrets
import shutil
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub import bucket_batch, bucket_contents, bucket_events, bucket_files
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.bucket_contents import API, PAGE, ReadableBucket, WritableBucket
from bot.localhub.bucket_records import READ_SCOPES, Bucket, folder_of
from bot.localhub.errors import HubError
from bot.localhub.paging import one_page
from bot.localhub.state import Hub, now

router = APIRouter()
router.include_router(bucket_contents.router)
router.include_router(bucket_batch.router)
router.include_router(bucket_events.router)
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][\w.-]{0,95}", re.ASCII)


class NewBucket(BaseModel):
    visibility: Literal["public", "private"] | None = None


class Settings(BaseModel):
    private: bool


def _describe(hub: Hub, bucket: Bucket) -> dict[str, object]:
    size, count = bucket_files.size_and_count(folder_of(hub, bucket))
    return {
        "_id": bucket.bucket_id_hex,
        "id": bucket.id,
        "author": bucket.id.partition("/")[0],
        "private": bucket.private,
        "createdAt": bucket.created_at,
        "updatedAt": now(),
        "size": size,
        "totalFiles": count,
    }


@router.get("/api/buckets/{namespace}")
def list_buckets(
    request: Request,
    hub: TheHub,
    caller: TheCaller,
    namespace: str,
    search: str = "",
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    owner = caller.user.name if namespace == "me" else namespace
    sees_private = caller.owns(hub, owner) and caller.may(*READ_SCOPES)
    found = [
        _describe(hub, bucket)
        for bucket in hub.all(Bucket)
        if bucket.id.startswith(f"{owner}/")
        and search.lower() in bucket.id.lower()
        and (sees_private or not bucket.private)
    ]
    shown, headers = one_page(request, found, cursor, PAGE)
    return JSONResponse(shown, headers=headers)


@router.post(API)
def create_bucket(
    hub: TheHub, caller: TheCaller, namespace: str, name: str, body: NewBucket | None = None
) -> JSONResponse:
    caller.require("contribute-repos", "manage-repos")
    owner = caller.user.name if namespace == "me" else namespace
    if not caller.owns(hub, owner):
        raise HubError(403, f'You don\'t have the rights to create a bucket under the namespace "{owner}"')
    if not _NAME.fullmatch(name):
        raise HubError(
            400, f"Invalid bucket name {name[:100]!r}: use 1 to 96 letters, digits, '-', '_' or '.'"
        )
    url = f"{hub.endpoint}/buckets/{owner}/{name}"
    with hub.lock:
        if f"{owner}/{name}" in hub.all(Bucket):
            # The client that accepts an existing bucket reads its url from the refusal.
            return JSONResponse({"error": "You already created this bucket", "url": url}, 409)
        bucket = Bucket(
            id=f"{owner}/{name}",
            bucket_id_hex=secrets.token_hex(12),
            private=body is not None and body.visibility == "private",
            created_at=now(),
        )
        hub.all(Bucket).put(bucket.id, bucket)
    return JSONResponse({"url": url, "id": bucket.id, "name": name})


@router.get(API)
def info(hub: TheHub, bucket: ReadableBucket) -> dict[str, object]:
    return _describe(hub, bucket)


@router.delete(API)
def delete_bucket(hub: TheHub, bucket: WritableBucket) -> dict[str, bool]:
    hub.all(Bucket).delete(bucket.id)
    shutil.rmtree(folder_of(hub, bucket))
    return {"success": True}


@router.put(API + "/settings")
def change_settings(hub: TheHub, bucket: WritableBucket, body: Settings) -> dict[str, bool]:
    hub.all(Bucket).put(bucket.id, bucket.model_copy(update={"private": body.private}))
    return {"private": body.private}
