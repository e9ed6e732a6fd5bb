"""The xet store over HTTP, as far as the real client needs it. Other requests get 404, and it does without.

It never answers 5xx: the client would try again for minutes before it says what is wrong.
"""

import logging
import re
from collections.abc import Callable, Coroutine
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.localhub import signed, xet_layout, xet_uploads
from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.xet_access import TheAccess, XetAccess, plain_file, store_address

log = logging.getLogger("localhub")
STORE = "/xet/{store}/{user_id}"
LARGEST_UPLOAD = 80_000_000
"""Bytes; clients make xorbs and shards of up to 64 MiB."""
_HASH = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")


class NeverServerError(APIRoute):
    """Turns an accident into a refusal that the client believes at once."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def carefully(request: Request) -> Response:
            try:
                return await handle(request)
            except (HubError, HTTPException, RequestValidationError, ClientDisconnect):
                raise
            except Exception:
                log.exception("The xet store failed at %s", request.url.path)
                raise HubError(400, "The local Hub could not do this. Its log has the details") from None

        return carefully


router = APIRouter(route_class=NeverServerError)


@router.post(STORE + "/v1/xorbs/{prefix}/{xorb}")
async def add_xorb(
    request: Request, hub: TheHub, access: TheAccess, prefix: str, xorb: str
) -> dict[str, bool]:
    _check_hash(xorb)
    body = await _upload(request, access)
    inserted = await anyio.to_thread.run_sync(xet_uploads.add_xorb, hub, access.user, xorb, body)
    return {"was_inserted": inserted}


@router.post(STORE + "/v1/shards")
async def add_shard(request: Request, hub: TheHub, access: TheAccess) -> dict[str, int]:
    body = await _upload(request, access)
    await anyio.to_thread.run_sync(xet_uploads.add_shard, hub, access.user, body)
    return {"result": 1}


@router.get(STORE + "/v1/reconstructions/{content_hash}")
def reconstruction(request: Request, hub: TheHub, access: TheAccess, content_hash: str) -> dict[str, object]:
    """Where the pieces of a file are, if the repo or bucket that the pass is for has it."""
    _check_hash(content_hash)
    wanted = _range(request)
    base = store_address(hub, access.user)
    if file := plain_file(hub, access, content_hash):
        return xet_layout.of_plain_file(hub, base, content_hash, file, wanted)
    uploaded = xet_uploads.find_file(hub, access.user, content_hash)
    if access.kind != "uploads" or uploaded is None:
        raise HubError(404, "There is no such file here")
    return xet_layout.of_upload(hub, base, access.user, uploaded, wanted)


@router.get(STORE + "/content")
def content(request: Request, hub: TheHub) -> Response:
    """Pieces as they are named in reconstructions; the address itself is the right to fetch them."""
    granted = signed.read(hub, xet_layout.Content, request.query_params.get("pass", ""))
    body = xet_layout.content(hub, granted)
    start = granted.start if granted.packed else 0
    headers = {"Content-Range": f"bytes {start}-{start + len(body) - 1}/*", "Cache-Control": "no-store"}
    return Response(body, 206, headers=headers, media_type="application/octet-stream")


@router.api_route(STORE + "/{rest:path}", methods=["GET", "HEAD", "POST", "PUT"], include_in_schema=False)
def not_here(rest: str) -> Response:
    return Response(status_code=404)


def _check_hash(text: str) -> None:
    if not _HASH.fullmatch(text):
        raise HubError(400, "A hash is 64 hexadecimal digits")


def _range(request: Request) -> xet_layout.Range | None:
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    return xet_layout.Range(int(asked[1]), int(asked[2]) + 1) if asked else None


async def _upload(request: Request, access: XetAccess) -> bytes:
    if not access.write:
        raise HubError(403, "This pass is for reading only")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_UPLOAD:
            raise HubError(413, f"An upload to the xet store has at most {LARGEST_UPLOAD} bytes")
    return bytes(body)
