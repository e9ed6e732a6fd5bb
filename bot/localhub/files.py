"""What is in a repo: listing its folders, asking about paths, and reading files."""

import mimetypes
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, ValidationError

from bot.localhub import blobs, gated, large_files, xet_access
from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.git_objects import folder_oids
from bot.localhub.last_changes import last_changes
from bot.localhub.paging import one_page
from bot.localhub.repo_paths import API, WEB, ReadableRepo, RevisionAndPath
from bot.localhub.repos import Blob, Commit, Repo, RepoKind, api_url, commit_at, find
from bot.localhub.sessions import browser_caller
from bot.localhub.state import Hub

router = APIRouter()


class PathsAskedFor(BaseModel):
    paths: list[str] = []
    expand: bool = False


@router.get(API + "/tree/{rest:path}")
def tree(
    request: Request,
    hub: TheHub,
    repo: ReadableRepo,
    where: RevisionAndPath,
    recursive: bool = False,
    expand: bool = False,
    limit: Annotated[int | None, Query(ge=1)] = None,
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    revision, folder = where
    commit = commit_at(hub, repo, revision)
    entries = _entries(hub, commit.files, folder, recursive=recursive)
    if folder and not entries:
        raise HubError(404, f"{folder} does not exist on {revision!r}", code="EntryNotFound")
    size = min(limit or 1000, 50 if expand else 1000)
    shown, headers = one_page(request, entries, cursor, size)
    return JSONResponse(
        _with_last_commits(hub, repo, commit.oid, shown) if expand else shown, headers=headers
    )


@router.post(API + "/paths-info/{revision:path}")
async def paths_info(
    request: Request, hub: TheHub, repo: ReadableRepo, revision: str
) -> list[dict[str, Any]]:
    """Of the paths asked for, those that exist. They come as a form from the client, as JSON from others."""
    asked = await _asked_for(request)
    commit = commit_at(hub, repo, revision)
    wanted = {path.strip("/") for path in asked.paths}
    found = [entry for entry in _entries(hub, commit.files, "", recursive=True) if entry["path"] in wanted]
    return _with_last_commits(hub, repo, commit.oid, found) if asked.expand else found


async def _asked_for(request: Request) -> PathsAskedFor:
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            return PathsAskedFor.model_validate_json(await request.body())
        form = await request.form()
        return PathsAskedFor.model_validate({**form, "paths": form.getlist("paths")})
    except ValidationError as error:
        raise HubError(400, f"The paths cannot be read: {error.errors()[0]['msg']}") from None


def _entries(hub: Hub, files: Mapping[str, Blob], folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    """Files and folders under a folder ("" is the root), sorted by path, as the API shows them."""
    prefix = f"{folder}/" if folder else ""
    entries = [_folder_entry(path, oid) for path, oid in folder_oids(_oids(files)).items() if path]
    entries += [_file_entry(hub, blob) for blob in files.values()]
    inside = [entry for entry in entries if str(entry["path"]).startswith(prefix)]
    if not recursive:
        inside = [entry for entry in inside if "/" not in str(entry["path"])[len(prefix) :]]
    return sorted(inside, key=lambda entry: str(entry["path"]))


def _oids(files: Mapping[str, Blob]) -> dict[str, str]:
    return {path: blob.git_oid for path, blob in files.items()}


def _folder_entry(path: str, oid: str) -> dict[str, Any]:
    return {"type": "directory", "oid": oid, "size": 0, "path": path}


def _file_entry(hub: Hub, blob: Blob) -> dict[str, Any]:
    entry = {"type": "file", "oid": blob.git_oid, "size": blob.size, "path": blob.path}
    return entry | large_files.describe(hub, blob)


def _with_last_commits(
    hub: Hub, repo: Repo, revision: str, entries: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Add to each entry the commit that last changed it."""
    shown = list(entries)
    changes = last_changes(hub, repo, revision, [entry["path"] for entry in shown])
    return [{**entry, "lastCommit": _short(changes[entry["path"]])} for entry in shown]


def _short(commit: Commit) -> dict[str, str]:
    return {"id": commit.oid, "title": commit.title, "date": commit.date}


@router.api_route(WEB + "/resolve/{rest:path}", methods=["GET", "HEAD"])
@router.api_route(WEB + "/raw/{rest:path}", methods=["GET", "HEAD"])
def resolve(
    request: Request,
    hub: TheHub,
    caller: MaybeCaller,
    kind: RepoKind,
    namespace: str,
    name: str,
    where: RevisionAndPath,
    download: bool = False,
) -> Response:
    """A file's content. Also reads for the person who is signed in with the browser."""
    caller = caller or browser_caller(request)
    repo = find(hub, kind, f"{namespace}/{name}", caller)
    gated.check(hub, repo, caller)
    revision, path = where
    commit = commit_at(hub, repo, revision)
    headers = {"X-Repo-Commit": commit.oid}
    blob = commit.files.get(path)
    if blob is None:
        raise HubError(404, "Entry not found", code="EntryNotFound", headers=headers)
    headers |= _file_headers(blob, download=download) | _large_headers(hub, repo, commit.oid, blob)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(blobs.path_of(hub, blob.oid), media_type=_media_type(path), headers=headers)


def _file_headers(blob: Blob, *, download: bool) -> dict[str, str]:
    name = quote(blob.path.rpartition("/")[2])
    return {
        "ETag": f'"{blob.oid}"',
        "Content-Disposition": f"{'attachment' if download else 'inline'}; filename*=UTF-8''{name}",
        # Files are what people uploaded: nothing in them may run on the Hub's own address.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _large_headers(hub: Hub, repo: Repo, commit: str, blob: Blob) -> dict[str, str]:
    """By these a client knows what it will get, and that it may fetch it from the xet store."""
    large = hub.all(large_files.LargeFile).get(blob.oid) if blob.lfs else None
    if large is None:
        return {}
    headers = {"X-Linked-Size": str(large.size), "X-Linked-ETag": f'"{large.oid}"'}
    return headers | xet_access.headers(f"{api_url(hub, repo)}/xet-read-token/{commit}", large.xet_hash)


def _media_type(path: str) -> str:
    guess = mimetypes.guess_type(path)[0] or ""
    if guess.startswith(("image/", "audio/", "video/")):
        return guess
    is_text = guess.startswith("text/") or path.endswith((".json", ".md", ".py", ".yml", ".yaml", ".toml"))
    return "text/plain; charset=utf-8" if is_text else "application/octet-stream"
