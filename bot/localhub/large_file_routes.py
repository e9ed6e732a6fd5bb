"""The large files of a repo as a list, and handing some of them to another repo, to be committed there."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub import gated, large_files
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.paging import one_page
from bot.localhub.repo_paths import API, ReadableRepo, WritableRepo
from bot.localhub.repos import Commit, Repo, RepoKind, find, history
from bot.localhub.state import Hub

router = APIRouter()
PAGE = 1000


class Target(BaseModel):
    type: RepoKind
    name: str


class OneFile(BaseModel):
    sha256: str
    filename: str


class Duplication(BaseModel):
    target: Target
    files: list[OneFile]


@router.get(API + "/lfs-files")
def list_large_files(request: Request, hub: TheHub, repo: WritableRepo, cursor: int = 0) -> JSONResponse:
    """Each once, as the commit that brought it names it, on `main` if it is there."""
    found: dict[str, dict[str, object]] = {}
    for entry in _entries(hub, repo):
        found.setdefault(str(entry["fileOid"]), entry)
    shown, headers = one_page(request, list(found.values()), cursor, PAGE)
    return JSONResponse(list(shown), headers=headers)


def _entries(hub: Hub, repo: Repo) -> Iterator[dict[str, object]]:
    for ref in repo.refs:
        for commit in reversed(history(hub, repo, ref)):
            yield from _in_commit(commit, ref)


def _in_commit(commit: Commit, ref: str) -> Iterator[dict[str, object]]:
    for blob in commit.files.values():
        if blob.lfs:
            yield {
                "fileOid": blob.git_oid,
                "filename": blob.path,
                "oid": blob.oid,
                "pushedAt": commit.date,
                "ref": ref,
                "size": blob.size,
            }


@router.post(API + "/lfs-files/duplicate")
def duplicate(hub: TheHub, caller: TheCaller, repo: ReadableRepo, body: Duplication) -> dict[str, object]:
    """The caller, who may read the files here, may then commit them there."""
    caller.require("contribute-repos", "write-repos", "manage-repos")
    gated.check(hub, repo, caller)
    find(hub, body.target.type, body.target.name, caller, write=True)
    here = [file for file in body.files if large_files.holds(hub, repo, file.sha256)]
    for file in here:
        large_files.give(hub, file.sha256, caller.user.id)
    failed = [
        {"sha256": file.sha256, "error": f"{file.filename} is not in {repo.id}"}
        for file in body.files
        if file not in here
    ]
    return {"success": not failed, "succeeded": len(here), "failed": failed}
