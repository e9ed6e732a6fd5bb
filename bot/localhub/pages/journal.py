"""The journal as a page: the latest requests, and how often each route was called."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from bot.localhub.journal import TheJournal, by_route
from bot.localhub.pages.page import PageRoute, SignedIn, show

router = APIRouter(route_class=PageRoute, include_in_schema=False)
SHOWN = 200


@router.get("/journal")
def journal_page(
    request: Request,
    journal: TheJournal,
    viewer: SignedIn,
    who: str = "",
    since: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    entries = journal.since(since, who or None)
    return show(
        request,
        "journal.html",
        entries=entries[: -SHOWN - 1 : -1],
        total=len(entries),
        routes=by_route(entries),
        who=who,
        since=since,
        last=journal.last,
    )
