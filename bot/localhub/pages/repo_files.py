"""The files of a repo: its folders, and one file."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub import blobs, gated
from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.last_changes import last_changes
from bot.localhub.pages import listing
from bot.localhub.pages.file_view import view_of
from bot.localhub.pages.page import PageRoute, Viewer, VisibleRepo, show
from bot.localhub.pages.repo_frame import address_of, frame_of
from bot.localhub.repo_paths import WEB, RevisionAndPath
from bot.localhub.repos import Commit, Repo, commit_at

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get(WEB + "/tree/{rest:path}")
def folder_page(request: Request, hub: TheHub, repo: VisibleRepo, where: RevisionAndPath) -> HTMLResponse:
    revision, folder = where
    commit = commit_at(hub, repo, revision)
    found = listing.items(((path, blob.size) for path, blob in commit.files.items()), folder)
    if folder and not found:
        raise HubError(404, "There is no such folder at this revision")
    return show(
        request,
        "files.html",
        **frame_of(hub, repo),
        **_place(repo, revision, folder, commit),
        found=found,
        changes=last_changes(hub, repo, commit.oid, [item.path for item in found]),
    )


@router.get(WEB + "/blob/{rest:path}")
def file_page(
    request: Request, hub: TheHub, viewer: Viewer, repo: VisibleRepo, where: RevisionAndPath
) -> HTMLResponse:
    revision, path = where
    commit = commit_at(hub, repo, revision)
    blob = commit.files.get(path)
    if blob is None:
        raise HubError(404, "There is no such file at this revision")
    gated.check(hub, repo, viewer)
    view = view_of(blobs.path_of(hub, blob.oid), path)
    return show(
        request, "file.html", **frame_of(hub, repo), **_place(repo, revision, path, commit), view=view
    )


def _place(repo: Repo, revision: str, path: str, commit: Commit) -> dict[str, Any]:
    """Where the page is, and the addresses that its links begin with."""
    views = {
        view: f"{quote(address_of(repo))}/{view}/{quote(revision, safe='')}"
        for view in ("tree", "blob", "resolve", "commits")
    }
    return {"path": path, "trail": listing.trail(path), "commit": commit, **views}
