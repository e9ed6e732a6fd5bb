"""Branches, tags and history of a repo."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub import webhook_events
from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.paging import one_page
from bot.localhub.repo_paths import API, ReadableRepo, WritableRepo
from bot.localhub.repos import Commit, Repo, change, current, history, resolve_revision
from bot.localhub.state import Hub

router = APIRouter()


class NewTag(BaseModel):
    tag: str
    message: str | None = None


class NewBranch(BaseModel):
    startingPoint: str | None = None  # noqa: N815 - the wire's name


@router.get(API + "/refs")
def refs(repo: ReadableRepo) -> dict[str, list[dict[str, str]]]:
    def under(prefix: str) -> list[dict[str, str]]:
        return [
            {"name": ref.removeprefix(prefix), "ref": ref, "targetCommit": oid}
            for ref, oid in repo.refs.items()
            if ref.startswith(prefix)
        ]

    return {"branches": under("refs/heads/"), "tags": under("refs/tags/"), "converts": [], "pullRequests": []}


@router.post(API + "/tag/{revision:path}")
def create_tag(hub: TheHub, repo: WritableRepo, revision: str, body: NewTag) -> dict[str, bool]:
    _create(hub, repo, f"refs/tags/{_checked(body.tag)}", revision, "Tag reference exists already")
    return {"success": True}


@router.delete(API + "/tag/{tag:path}")
def delete_tag(hub: TheHub, repo: WritableRepo, tag: str) -> dict[str, bool]:
    _move(hub, repo, f"refs/tags/{tag}", None)
    return {"success": True}


@router.post(API + "/branch/{branch:path}")
def create_branch(
    hub: TheHub, repo: WritableRepo, branch: str, body: NewBranch | None = None
) -> dict[str, bool]:
    start = (body.startingPoint if body else None) or "main"
    _create(hub, repo, f"refs/heads/{_checked(branch)}", start, "Reference already exists")
    return {"success": True}


@router.delete(API + "/branch/{branch:path}")
def delete_branch(hub: TheHub, repo: WritableRepo, branch: str) -> dict[str, bool]:
    if branch == "main":
        raise HubError(403, "The branch main cannot be deleted")
    _move(hub, repo, f"refs/heads/{branch}", None)
    return {"success": True}


@router.get(API + "/commits/{revision:path}")
def commits(
    request: Request,
    hub: TheHub,
    repo: ReadableRepo,
    revision: str,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: Annotated[int, Query(ge=0)] = 0,
    p: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    found = history(hub, repo, revision)
    shown, headers = one_page(request, found, cursor or p * limit, limit)
    headers["X-Total-Count"] = str(len(found))
    return JSONResponse([_commit_json(commit) for commit in shown], headers=headers)


def _commit_json(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": commit.author, "avatar": "/avatars/none.svg"}],
        "date": commit.date,
    }


def _create(hub: Hub, repo: Repo, ref: str, revision: str, exists: str) -> None:
    target = resolve_revision(hub, repo, revision)
    if ref in repo.refs:
        raise HubError(409, exists)
    _move(hub, repo, ref, target)


def _move(hub: Hub, repo: Repo, ref: str, new: str | None) -> None:
    """Point the ref at a commit, or with None take it away."""
    with hub.lock:
        refs = dict(current(hub, repo).refs)
        old = refs.pop(ref, None)
        if old is None and new is None:
            raise HubError(404, f"Reference {quote(ref)} does not exist", code="RevisionNotFound")
        if new is not None:
            refs[ref] = new
        repo = change(hub, repo, refs=refs)
    webhook_events.content_updated(hub, repo, ref, old, new)


def _checked(name: str) -> str:
    """Git's own rules for a ref's name, roughly."""
    bad = any(part in name for part in ("..", "//", "@{", "\\", " ", "~", "^", ":", "?", "*", "["))
    if (
        bad
        or not name.isprintable()
        or not name.strip("/.")
        or name.endswith((".lock", "/", "."))
        or name[0] in "/.-"
    ):
        raise HubError(400, f"Invalid reference name: {name[:100]!r}")
    return name
