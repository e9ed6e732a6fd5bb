"""How a refusal or an accident looks from outside: JSON for programs, a page for people, never a trace."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic_core import PydanticSerializationError
from starlette.exceptions import HTTPException

from bot.localhub import moves
from bot.localhub.errors import HubError, answer_error
from bot.localhub.move_records import RepoMoved
from bot.localhub.pages.page import refused

log = logging.getLogger("localhub")
ACCIDENT = "Something went wrong inside the local Hub. Its log on stderr has the details"


def install(app: FastAPI) -> None:
    app.add_exception_handler(HubError, _refuse)
    app.add_exception_handler(RepoMoved, moves.send_on)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnicodeEncodeError, _not_text)
    app.add_exception_handler(PydanticSerializationError, _not_text)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _accident)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HubError)
    is_for_a_person = "text/html" in request.headers.get("accept", "")
    if is_for_a_person and not request.url.path.startswith("/api/"):
        return refused(request, error.status, error.message)
    return await answer_error(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return await _refuse(request, HubError(400, "The body is not valid JSON"))
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return await _refuse(request, HubError(400, f"{where}: {first['msg']}"[:500]))


async def _not_text(request: Request, error: Exception) -> Response:
    """Text with half a character in it, which JSON lets through and no file or database takes."""
    if "surrogates not allowed" not in str(error):
        raise error
    return await _refuse(request, HubError(400, "The text holds half a character (a lone surrogate)"))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return await _refuse(
        request, HubError(error.status_code, str(error.detail), headers=dict(error.headers or {}))
    )


async def _accident(request: Request, error: Exception) -> Response:
    # The server itself logs the trace.
    log.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
    return await _refuse(request, HubError(500, ACCIDENT))
