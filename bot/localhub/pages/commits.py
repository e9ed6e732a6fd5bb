"""The history of a repo: the commits that led to a revision."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from bot.localhub.accounts import TheHub
from bot.localhub.pages.page import PageRoute, VisibleRepo, show
from bot.localhub.pages.repo_frame import address_of, frame_of
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import history

router = APIRouter(route_class=PageRoute, include_in_schema=False)
SHOWN = 50
"""Commits on one page."""


@router.get(WEB + "/commits/{revision:path}")
def history_page(
    request: Request, hub: TheHub, repo: VisibleRepo, revision: str, p: Annotated[int, Query(ge=0)] = 0
) -> HTMLResponse:
    found = history(hub, repo, revision)
    return show(
        request,
        "commits.html",
        **frame_of(hub, repo),
        revision=revision,
        commits=found[p * SHOWN : (p + 1) * SHOWN],
        count=len(found),
        tree=f"{quote(address_of(repo))}/tree",
        newer=p - 1 if p else None,
        older=p + 1 if len(found) > (p + 1) * SHOWN else None,
    )
