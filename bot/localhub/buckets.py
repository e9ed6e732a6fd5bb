"""Storage Buckets: creating, finding, setting up and deleting them."""

import re
import secrets
import shutil
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub import bucket_batch, bucket_contents, bucket_events, bucket_files, bucket_webhooks
from bot.localhub.accounts import MaybeCaller, TheCaller, TheHub, User, is_private_unasked
from bot.localhub.bucket_contents import API, PAGE, ReadableBucket, WritableBucket
from bot.localhub.bucket_records import READ_SCOPES, WRITE_SCOPES, Bucket, folder_of
from bot.localhub.errors import HubError, not_found
from bot.localhub.paging import one_page
from bot.localhub.state import Hub, now

router = APIRouter()
router.include_router(bucket_contents.router)
router.include_router(bucket_batch.router)
router.include_router(bucket_events.router)
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][\w.-]{0,95}", re.ASCII)


class NewBucket(BaseModel):
    visibility: Literal["public", "private"] | None = None
    private: bool | None = None


class Settings(BaseModel):
    private: bool


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise HubError(
            400, f"Invalid bucket name {name[:100]!r}: use 1 to 96 letters, digits, '-', '_' or '.'"
        )


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
    caller: MaybeCaller,
    namespace: str,
    search: str = "",
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    if namespace == "me" and caller is None:
        raise HubError(401, "Invalid username or password.")
    owner = caller.user.name if namespace == "me" and caller else namespace
    if owner not in hub.all(User):
        # A bucket's name without its owner arrives here too.
        raise not_found("Namespace", "RepoNotFound")
    sees_private = caller is not None and caller.owns(hub, owner) and caller.may(*READ_SCOPES)
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
    url = f"{hub.endpoint}/buckets/{owner}/{name}"
    check_name(name)
    with hub.lock:
        if f"{owner}/{name}" in hub.all(Bucket):
            # The client that accepts an existing bucket reads its url from the refusal.
            return JSONResponse({"error": "You already created this bucket", "url": url}, 409)
        bucket = Bucket(
            id=f"{owner}/{name}",
            bucket_id_hex=secrets.token_hex(12),
            private=_is_private(hub, owner, body),
            created_at=now(),
        )
        hub.all(Bucket).put(bucket.id, bucket)
    bucket_webhooks.created(hub, bucket)
    return JSONResponse({"url": url, "id": bucket.id, "name": name})


def _is_private(hub: Hub, owner: str, body: NewBucket | None) -> bool:
    if body is None or (body.visibility is None and body.private is None):
        return is_private_unasked(hub, owner)
    return body.visibility == "private" or (body.visibility is None and bool(body.private))


@router.get(API)
def info(hub: TheHub, bucket: ReadableBucket) -> dict[str, object]:
    return _describe(hub, bucket)


@router.delete(API)
def delete_bucket(hub: TheHub, bucket: WritableBucket) -> dict[str, bool]:
    hub.all(Bucket).delete(bucket.id)
    shutil.rmtree(folder_of(hub, bucket))
    bucket_webhooks.deleted(hub, bucket)
    return {"success": True}


@router.delete("/api/buckets/{name}")
def no_bucket_without_owner(caller: TheCaller, name: str) -> None:
    caller.require(*WRITE_SCOPES)
    raise not_found(f"Bucket {name[:100]!r} without its owner", "RepoNotFound")


@router.put(API + "/settings")
def change_settings(hub: TheHub, bucket: WritableBucket, body: Settings) -> dict[str, bool]:
    changed = hub.all(Bucket).put(bucket.id, bucket.model_copy(update={"private": body.private}))
    bucket_webhooks.config_updated(hub, changed)
    return {"private": body.private}
