"""The front page, and the lists of all models and Spaces."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub.accounts import TheHub, User
from bot.localhub.pages import listing
from bot.localhub.pages.page import PageRoute, Viewer, show
from bot.localhub.repos import RepoKind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
NEWEST = 8


@router.get("/")
def home(request: Request, hub: TheHub, viewer: Viewer) -> HTMLResponse:
    return show(
        request,
        "home.html",
        models=listing.entries(hub, viewer, RepoKind.MODEL)[:NEWEST],
        spaces=listing.entries(hub, viewer, RepoKind.SPACE)[:NEWEST],
        people=[user for user in hub.all(User) if user.type == "user"],
    )


@router.get("/models")
def models(request: Request, hub: TheHub, viewer: Viewer, search: str = "") -> HTMLResponse:
    found = listing.entries(hub, viewer, RepoKind.MODEL, search=search)
    return show(request, "list.html", title="Models", found=found, search=search)


@router.get("/spaces")
def spaces(request: Request, hub: TheHub, viewer: Viewer, search: str = "") -> HTMLResponse:
    found = listing.entries(hub, viewer, RepoKind.SPACE, search=search)
    return show(request, "list.html", title="Spaces", found=found, search=search)
