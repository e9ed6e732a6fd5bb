"""The front page: what this is."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.domain.commands import COMMANDS
from bot.web.browser import Ctx, Visitor
from bot.web.render import page

SHOWN_COMMANDS = 5
"""The rest is on the help page."""

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, ctx: Ctx, visitor: Visitor) -> Response:
    runs = ctx.runs.visible_to(visitor.user_id if visitor else None, limit=5)
    return page(request, "home.html", {"commands": COMMANDS[:SHOWN_COMMANDS], "runs": runs})
