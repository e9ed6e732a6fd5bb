"""What a Space was sent and gave back, out of its requester's own bucket, for the requester only.

Nobody knows what such a file is: it is shown as one of a few kinds told by its first bytes, or downloaded,
and nothing in it runs.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain import messages_page
from bot.domain.discretion import is_own
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.models import Run
from bot.domain.people import Person
from bot.domain.pieces import artifact_names
from bot.hub.records import read_record
from bot.web.api.commands import RUN_ID
from bot.web.browser import FILE_POLICY, Ctx, Visitor
from bot.web.parts import in_parts
from bot.web.render import message_page

LARGEST = 8 << 20
"""Bytes; the worker keeps files of at most half of that."""
SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
"""Where which bytes stand in a file of which kind; the first that fits counts."""

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}/artifacts/{name}")
def artifact(
    request: Request,
    run_id: Annotated[str, Path(pattern=RUN_ID)],
    name: Annotated[str, Path(max_length=150)],
    ctx: Ctx,
    visitor: Visitor,
) -> Response:
    run = own_run(ctx, run_id, visitor)
    if run is None or run.report is None or name not in artifact_names(run.report):
        return _nothing(request)
    return _shown(request, ctx, run, f"artifacts/{name}")


@router.get("/runs/{run_id}/screenshot.png")
def screenshot(
    request: Request, run_id: Annotated[str, Path(pattern=RUN_ID)], ctx: Ctx, visitor: Visitor
) -> Response:
    """How the Space looked when it was called."""
    run = own_run(ctx, run_id, visitor)
    if run is None or run.report is None or not run.report.is_pictured:
        return _nothing(request)
    return _shown(request, ctx, run, "screenshot.png")


def _shown(request: Request, ctx: Context, run: Run, name: str) -> Response:
    content = from_record(ctx, run, name, LARGEST + 1)
    if content is None or len(content) > LARGEST:
        return _nothing(request)
    kind = kind_of(content)
    disposition = "attachment" if kind == "application/octet-stream" else "inline"
    headers = {
        "Content-Security-Policy": FILE_POLICY,
        "Content-Disposition": f'{disposition}; filename="{name.rpartition("/")[2]}"',
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return in_parts(request, content, kind, headers)


def kind_of(content: bytes) -> str:
    """Its media type: one that a browser only shows or plays, or one that it does not open."""
    for at, mark, kind in SIGNATURES:
        if content.startswith(mark, at):
            return kind
    return "application/octet-stream"


def own_run(ctx: Context, run_id: str, visitor: Person | None) -> Run | None:
    """The run, if it is this visitor's own."""
    run = ctx.runs.get(run_id)
    return run if run and is_own(run, visitor) else None


def from_record(ctx: Context, run: Run, name: str, limit: int) -> bytes | None:
    """None if it is not there, or its owner has to sign in again, or the Hub does not give it now."""
    try:
        with ctx.accounts.acting_for(run.requester.id) as (hub, _):
            return read_record(hub, run, name, limit)
    except (TokenGone, HubError, HubUnavailable):
        return None


def _nothing(request: Request) -> Response:
    return message_page(request, "No such file", messages_page.no_such_file(), status=404)
