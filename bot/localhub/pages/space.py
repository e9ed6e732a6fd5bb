"""The page of a Space: its app, how it is doing, and what it wrote while building and running."""

from collections import deque
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from bot.localhub import spaces
from bot.localhub.accounts import Caller, TheHub
from bot.localhub.logs import Log
from bot.localhub.pages.page import PageRoute, Viewer, show
from bot.localhub.pages.repo_frame import frame_of
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.space_records import build_log, host, run_log, space_of
from bot.localhub.state import Hub

router = APIRouter(prefix="/spaces/{owner}/{name}", route_class=PageRoute, include_in_schema=False)
LINES = 500
"""The end of each log that is shown."""


def _space(hub: TheHub, viewer: Viewer, owner: str, name: str) -> Repo:
    return find(hub, RepoKind.SPACE, f"{owner}/{name}", viewer)


VisibleSpace = Annotated[Repo, Depends(_space)]


@router.get("")
def space_page(request: Request, hub: TheHub, viewer: Viewer, repo: VisibleSpace) -> HTMLResponse:
    app = f"http://{host(space_of(hub, repo))}"
    return show(
        request,
        "space.html",
        frame=app,
        app=spaces.signed_url(hub, repo, viewer.user) if viewer else app,
        **frame_of(hub, repo),
        **_progress(hub, repo),
        **_logs(hub, viewer, repo),
    )


@router.get("/progress")
def space_progress(request: Request, hub: TheHub, repo: VisibleSpace) -> HTMLResponse:
    """Only how the Space is doing: a part of the page that stays fresh."""
    return show(request, "space_progress.html", **_progress(hub, repo))


@router.get("/logs")
def space_logs(request: Request, hub: TheHub, viewer: Viewer, repo: VisibleSpace) -> HTMLResponse:
    """Only the logs: another part of the page that stays fresh."""
    return show(request, "space_logs.html", repo=repo, **_logs(hub, viewer, repo))


def _progress(hub: Hub, repo: Repo) -> dict[str, Any]:
    sdk = spaces.describe(hub, repo)["sdk"]
    return {"space": space_of(hub, repo), "sdk": sdk, "is_up": _is_up(hub, repo)}


def _is_up(hub: Hub, repo: Repo) -> bool:
    """Whether some version of the app answers, even while the next one is built."""
    return space_of(hub, repo).stage.value.startswith("RUNNING")


def _logs(hub: Hub, viewer: Caller | None, repo: Repo) -> dict[str, Any]:
    """The logs are for those who may change the Space, as on the Hub."""
    if viewer is None or not viewer.owns(hub, repo.owner):
        return {"logs": [], "open": False}
    kept: list[tuple[str, Log]] = [("Build", build_log(hub, repo)), ("Run", run_log(hub, repo))]
    return {"logs": [(name, deque(log.texts(), LINES)) for name, log in kept], "open": not _is_up(hub, repo)}
