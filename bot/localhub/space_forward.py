"""Hands a request on to a Space's app, and its answer back, both as streams."""

from collections.abc import AsyncIterator

import httpx2
from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.requests import HTTPConnection

from bot.localhub.sessions import COOKIE

OWN_COOKIES = (COOKIE, "space-")
"""Beginnings of the names of this Hub's cookies: an app on the same host name neither gets nor sets them."""
_HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"),
    *("transfer-encoding", "upgrade"),
    *("sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key"),
    *("sec-websocket-protocol", "sec-websocket-version"),
}
_REWRITTEN = {"cookie", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
_NOT_HANDED_ON = _HOP_BY_HOP | _REWRITTEN | {"x-hf-authorization"}

Headers = list[tuple[bytes, bytes]]


async def forward(request: Request, client: httpx2.AsyncClient, port: int) -> StreamingResponse:
    """The app's answer. Raises httpx2.TransportError if there is none."""
    query = request.scope["query_string"]
    target = request.scope["raw_path"] + (b"?" + query if query else b"")
    has_body = {"content-length", "transfer-encoding"} & set(request.headers)
    # Not `client.build_request`, which would add headers that the client did not send.
    asked = httpx2.Request(
        request.method,
        httpx2.URL(scheme="http", host="127.0.0.1", port=port, raw_path=target),
        headers=request_headers(request),
        content=request.stream() if has_body else None,
    )
    answer = await client.send(asked, stream=True)
    response = StreamingResponse(_body(answer), answer.status_code)
    response.raw_headers = response_headers(answer.headers.raw)
    return response


async def _body(answer: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    except httpx2.TransportError:
        return  # the app ended in the middle of its answer; so does ours
    finally:
        await answer.aclose()


def request_headers(request: HTTPConnection) -> Headers:
    """What the client sent, with where it came from, without what is meant for this Hub."""
    headers = [(name, value) for name, value in request.headers.raw if name.decode() not in _NOT_HANDED_ON]
    cookies = [
        part.strip()
        for part in request.headers.get("cookie", "").split(";")
        if part.strip() and not part.strip().startswith(OWN_COOKIES)
    ]
    if cookies:
        headers.append((b"cookie", "; ".join(cookies).encode("latin-1")))
    host = request.headers.get("host", "")
    client = request.client.host if request.client else ""
    forwarded = {"x-forwarded-host": host, "x-forwarded-proto": "http", "x-forwarded-for": client}
    return headers + [(name.encode(), value.encode("latin-1")) for name, value in forwarded.items()]


def response_headers(answered: Headers) -> Headers:
    """What the app answered, without what concerns only the way to it."""
    return [
        (name.lower(), value)
        for name, value in answered
        if name.lower().decode() not in _HOP_BY_HOP and not _sets_own_cookie(name, value)
    ]


def _sets_own_cookie(name: bytes, value: bytes) -> bool:
    if name.lower() != b"set-cookie":
        return False
    return value.decode("latin-1").lstrip().startswith(OWN_COOKIES)
