"""Branches, tags and history of a repo."""

from html import escape
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.commits import moved, put_commit
from bot.localhub.discussion_records import render
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
    emptyBranch: bool = False  # noqa: N815 - the wire's name
    overwrite: bool = False


@router.get(API + "/refs")
def refs(repo: ReadableRepo, include_prs: bool = False) -> dict[str, list[dict[str, str]]]:
    def under(prefix: str, left_out: str | None = None) -> list[dict[str, str]]:
        return [
            {
                "name": ref.removeprefix(prefix if left_out is None else left_out),
                "ref": ref,
                "targetCommit": oid,
            }
            for ref, oid in repo.refs.items()
            if ref.startswith(prefix)
        ]

    found = {
        "branches": under("refs/heads/"),
        "tags": under("refs/tags/"),
        "converts": under("refs/convert/"),
    }
    return found | ({"pullRequests": under("refs/pr/", "")} if include_prs else {})


@router.post(API + "/tag/{revision:path}")
def create_tag(hub: TheHub, repo: WritableRepo, revision: str, body: NewTag) -> dict[str, bool]:
    target = resolve_revision(hub, repo, revision)
    _create(hub, repo, f"refs/tags/{_checked(body.tag)}", target, "Tag reference exists already")
    return {"success": True}


@router.delete(API + "/tag/{tag:path}")
def delete_tag(hub: TheHub, repo: WritableRepo, tag: str) -> dict[str, bool]:
    _move(hub, repo, f"refs/tags/{tag}", None)
    return {"success": True}


@router.post(API + "/branch/{branch:path}")
def create_branch(
    hub: TheHub, caller: TheCaller, repo: WritableRepo, branch: str, body: NewBranch | None = None
) -> dict[str, bool]:
    asked = body or NewBranch()
    ref = f"refs/heads/{_checked(branch)}"
    if ref in repo.refs and not asked.overwrite:
        raise HubError(409, f"Reference {ref} already exists")
    if ref in repo.refs and not (asked.emptyBranch or asked.startingPoint):
        return {"success": True}
    target = resolve_revision(hub, repo, asked.startingPoint or "main")
    if asked.emptyBranch:
        target = put_commit(hub, repo, caller.user.name, {}, parent=None, summary="initial commit").oid
    _move(hub, repo, ref, target)
    return {"success": True}


@router.delete(API + "/branch/{branch:path}")
def delete_branch(hub: TheHub, repo: WritableRepo, branch: str) -> dict[str, bool]:
    if branch == "main":
        raise HubError(403, "Cannot delete refs/heads/main: it is the default branch")
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
    expand: Annotated[list[str], Query(alias="expand[]")] = [],  # noqa: B006 - FastAPI copies it
) -> JSONResponse:
    found = history(hub, repo, revision)
    shown, headers = one_page(request, found, cursor or p * limit, limit)
    headers["X-Total-Count"] = str(len(found))
    is_formatted = "formatted" in expand
    return JSONResponse([_commit_json(commit, is_formatted) for commit in shown], headers=headers)


def _commit_json(commit: Commit, is_formatted: bool) -> dict[str, Any]:
    formatted = {"title": escape(commit.title), "message": render(commit.message)}
    return {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": commit.author, "avatar": "/avatars/none.svg"}],
        "date": commit.date,
        **({"formatted": formatted} if is_formatted else {}),
    }


def _create(hub: Hub, repo: Repo, ref: str, target: str, exists: str) -> None:
    if ref in repo.refs:
        raise HubError(409, exists)
    _move(hub, repo, ref, target)


def _move(hub: Hub, repo: Repo, ref: str, new: str | None) -> None:
    """Point the ref at a commit, or with None take it away."""
    with hub.lock:
        refs = dict(current(hub, repo).refs)
        old = refs.pop(ref, None)
        if old is None and new is None:
            raise HubError(404, f"Invalid rev id: {quote(ref)}", code="RevisionNotFound")
        if new is not None:
            refs[ref] = new
        repo = change(hub, repo, refs=refs)
    moved(hub, repo, ref, old, new)


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
