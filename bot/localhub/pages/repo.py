"""The page of a model or dataset: its card."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub.accounts import TheHub
from bot.localhub.pages.access import gate_of
from bot.localhub.pages.card import card_of
from bot.localhub.pages.page import PageRoute, Viewer, VisibleRepo, show
from bot.localhub.pages.repo_frame import frame_of
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import commit_at

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get(WEB)
def repo_page(request: Request, hub: TheHub, viewer: Viewer, repo: VisibleRepo) -> HTMLResponse:
    commit = commit_at(hub, repo, "main")
    size = sum(blob.size for blob in commit.files.values())
    return show(
        request,
        "model.html",
        **frame_of(hub, repo),
        card=card_of(hub, repo),
        gate=gate_of(hub, repo, viewer),
        commit=commit,
        size=size,
    )
