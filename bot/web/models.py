"""POST /models: ids of models while one is typed into a form, the person's own first."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from bot.completion import Completion
from bot.web.own_forms import Presser

router = APIRouter(include_in_schema=False)


@router.post("/models")
async def models(
    request: Request, visitor: Presser, typed: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Asked with a person's own eyes, so it is no address that a link could lead to."""
    completion: Completion = request.app.state.completion
    return JSONResponse({"models": await completion.models(visitor.user_id, typed)})
