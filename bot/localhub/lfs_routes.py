"""Large-file storage as git knows it: clients ask where to send each file, and send it there."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field

from bot.localhub import blobs, gated, large_files, signed
from bot.localhub.accounts import Caller, MaybeCaller, TheHub
from bot.localhub.content_hashes import sha256_of
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.state import Hub

router = APIRouter()
PART = 64 * 1024 * 1024
"""Bytes. Larger files come in parts, from clients that can do that."""
LIFETIME = 3600
MEDIA_TYPE = "application/vnd.git-lfs+json"
Oid = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class LargeObject(BaseModel):
    oid: Oid
    size: int = Field(ge=0)


class Batch(BaseModel):
    operation: Literal["upload", "download"]
    transfers: list[str] = ["basic"]
    objects: list[LargeObject]


class Completion(BaseModel):
    oid: Oid
    parts: list[dict[str, object]]


class Upload(signed.Pass):
    """Lets its holder send one file, for this user; `size` in bytes."""

    user: str
    oid: str
    size: int


class Download(signed.Pass):
    oid: str


@router.post(WEB + ".git/info/lfs/objects/batch")
def batch(
    hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str, body: Batch
) -> JSONResponse:
    repo = find(hub, kind, f"{namespace}/{name}", caller)
    if body.operation == "download":
        gated.check(hub, repo, caller)
        objects = [_download(hub, repo, each) for each in body.objects]
    elif caller is None:
        raise HubError(401, "Invalid username or password.")
    else:
        # Who proposes a change to another's repo uploads its files too.
        caller.require("contribute-repos", "write-repos", "manage-repos", "write-discussions")
        in_parts = "multipart" in body.transfers
        objects = [_upload(hub, repo, caller, each, in_parts=in_parts) for each in body.objects]
    in_parts = any("chunk_size" in json.dumps(each) for each in objects)
    answer = {"transfer": "multipart" if in_parts else "basic", "hash_algo": "sha256", "objects": objects}
    return JSONResponse(answer, media_type=MEDIA_TYPE)


def _upload(
    hub: Hub, repo: Repo, caller: Caller, wanted: LargeObject, *, in_parts: bool
) -> dict[str, object]:
    """Where to send the file; without actions if it is here already."""
    answer: dict[str, object] = {"oid": wanted.oid, "size": wanted.size, "authenticated": True}
    if large_files.usable(hub, repo, caller, wanted.oid):
        return answer
    granted = Upload(expires=signed.expiry(LIFETIME), user=caller.user.id, oid=wanted.oid, size=wanted.size)
    href = f"{hub.endpoint}/lfs-upload?pass={signed.sign(hub, granted)}"
    upload: dict[str, object] = {"href": href}
    if in_parts and wanted.size > PART:
        count = -(-wanted.size // PART)
        parts = {f"{number:05}": f"{href}&part={number}" for number in range(1, count + 1)}
        upload["header"] = {"chunk_size": str(PART), **parts}
    verify = {"href": f"{hub.endpoint}/{repo.kind.prefix}{repo.id}.git/info/lfs/objects/verify"}
    return {**answer, "actions": {"upload": upload, "verify": verify}}


def _download(hub: Hub, repo: Repo, wanted: LargeObject) -> dict[str, object]:
    answer: dict[str, object] = {"oid": wanted.oid, "size": wanted.size, "authenticated": True}
    if not large_files.holds(hub, repo, wanted.oid):
        return {**answer, "error": {"code": 404, "message": "Object does not exist"}}
    granted = Download(expires=signed.expiry(LIFETIME), oid=wanted.oid)
    href = f"{hub.endpoint}/lfs-download?pass={signed.sign(hub, granted)}"
    return {**answer, "actions": {"download": {"href": href}}}


@router.post(WEB + ".git/info/lfs/objects/verify")
def verify(
    hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str, body: LargeObject
) -> dict[str, bool]:
    repo = find(hub, kind, f"{namespace}/{name}", caller)
    found = large_files.usable(hub, repo, caller, body.oid) if caller else None
    if found is None or found.size != body.size:
        raise HubError(404, f"The object {body.oid} has not arrived here with {body.size} bytes")
    return {"success": True}


@router.put("/lfs-upload")
async def receive(
    request: Request, hub: TheHub, part: Annotated[int | None, Field(ge=1, le=100_000)] = None
) -> Response:
    """A whole file, or one part of it."""
    granted = signed.read(hub, Upload, request.query_params.get("pass", ""))
    arrived = blobs.incoming(hub)
    etag = await _write(request, arrived, granted.size if part is None else PART)
    if part is None:
        await anyio.to_thread.run_sync(_keep, hub, granted, arrived)
    else:
        arrived.replace(_part(hub, granted, part))
    return Response(headers={"ETag": f'"{etag}"'})


async def _write(request: Request, file: Path, most: int) -> str:
    """Write the body to the file; returns its sha256. HubError 413 beyond so many bytes."""
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as content:
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise HubError(413, f"At most {most} bytes were announced")
            digest.update(piece)
            content.write(piece)
    return digest.hexdigest()


@router.post("/lfs-upload")
def complete(request: Request, hub: TheHub, body: Completion) -> dict[str, bool]:
    """All parts are there: put them together."""
    granted = signed.read(hub, Upload, request.query_params.get("pass", ""))
    files = [_part(hub, granted, number) for number in range(1, -(-granted.size // PART) + 1)]
    if body.oid != granted.oid or not all(file.exists() for file in files):
        raise HubError(400, "Not all parts of this upload have arrived")
    whole = blobs.incoming(hub)
    with whole.open("wb") as content:
        for file in files:
            content.write(file.read_bytes())
    _keep(hub, granted, whole)
    for file in files:
        file.unlink(missing_ok=True)
    return {"success": True}


@router.get("/lfs-download")
def send(request: Request, hub: TheHub) -> FileResponse:
    granted = signed.read(hub, Download, request.query_params.get("pass", ""))
    return FileResponse(blobs.path_of(hub, granted.oid), media_type="application/octet-stream")


def _part(hub: Hub, granted: Upload, number: int) -> Path:
    """Parts are dropped with all unfinished uploads when the Hub starts again."""
    return blobs.incoming(hub).with_name(f"{granted.user}-{granted.oid}-{number}")


def _keep(hub: Hub, granted: Upload, arrived: Path) -> None:
    if arrived.stat().st_size != granted.size or sha256_of(arrived) != granted.oid:
        arrived.unlink()
        raise HubError(400, "What arrived is not what was announced: its size or sha256 differs")
    large_files.keep(hub, arrived, granted.oid, granted.user)
