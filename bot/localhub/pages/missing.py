"""Every address that is none: said on a page."""

from fastapi import APIRouter, Request

from bot.localhub.errors import HubError
from bot.localhub.pages.page import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{anything:path}")
def missing(request: Request) -> None:
    raise HubError(404, "There is no page at this address")
