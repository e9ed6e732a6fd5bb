"""Hands a WebSocket on to a Space's app: the handshake with its refusal, and then messages both ways."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.frames import Close
from websockets.http11 import Response as Answer
from websockets.typing import Subprotocol

from bot.localhub.space_forward import Headers, request_headers, response_headers

LARGEST_MESSAGE = 200 * 1024 * 1024
"""Bytes; Streamlit's own limit."""
GONE = 1012
"""The close code "service restart": what a client hears when the app ended without a word."""
NEVER_SENT = {1005, 1006, 1015}
"""Codes that only stand for a close without one."""


class Unreachable(Exception):
    """The app does not speak with this client: it is not there, or speaks no WebSocket."""


class _Handshake(connect):
    """As the library's, but a redirect is the client's to follow."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def forward(client: WebSocket, port: int, visit: Callable[[], object]) -> None:
    """Stay until one side closes. `visit` is told of each of the client's messages. Raises Unreachable."""
    try:
        app = await _shake_hands(client, port)
    except InvalidStatus as refusal:
        await client.send_denial_response(_as_response(refusal))
        return
    except (InvalidHandshake, InvalidURI, OSError, ValueError) as error:
        raise Unreachable(str(error)) from None
    async with app:
        await client.accept(app.subprotocol, _headers_of(app.response))
        sending = asyncio.create_task(_to_app(client, app, visit))
        try:
            await _to_client(client, app)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def _shake_hands(client: WebSocket, port: int) -> ClientConnection:
    path = client.scope["raw_path"].decode("latin-1")
    if not path.startswith("/"):
        raise ValueError("the address must be a path")
    query = client.scope["query_string"].decode("latin-1")
    headers = [(name.decode(), value.decode("latin-1")) for name, value in request_headers(client)]
    return await _Handshake(
        f"ws://{client.headers.get('host', '127.0.0.1')}{path}{'?' if query else ''}{query}",
        host="127.0.0.1",  # whatever the address says
        port=port,
        proxy=None,
        subprotocols=[Subprotocol(name) for name in client.scope["subprotocols"]] or None,
        additional_headers=[(name, value) for name, value in headers if name != "host"],
        user_agent_header=None,
        compression=None,
        max_size=LARGEST_MESSAGE,
        ping_interval=None,  # an app that is busy for long is not gone
    )


async def _to_app(client: WebSocket, app: ClientConnection, visit: Callable[[], object]) -> None:
    while (message := await client.receive())["type"] == "websocket.receive":
        visit()
        text = message.get("text")
        await app.send(message["bytes"] if text is None else text)
    code = message.get("code", 1000)
    await app.close(1001 if code in NEVER_SENT else code, message.get("reason") or "")


async def _to_client(client: WebSocket, app: ClientConnection) -> None:
    """Ends with the app's side, which also ends when the client's does."""
    try:
        while True:
            message = await app.recv()
            if isinstance(message, str):
                await client.send_text(message)
            else:
                await client.send_bytes(message)
    except WebSocketDisconnect:
        return
    except ConnectionClosed as end:
        if client.client_state is WebSocketState.CONNECTED:
            await client.close(*_farewell(end.rcvd))


def _farewell(said: Close | None) -> tuple[int, str]:
    if said is None:
        return GONE, "The app has ended"
    return (1000 if said.code in NEVER_SENT else said.code), said.reason


def _as_response(refusal: InvalidStatus) -> Response:
    """What the app said instead of opening the WebSocket."""
    response = Response(refusal.response.body or b"", refusal.response.status_code)
    response.raw_headers = _headers_of(refusal.response)
    return response


def _headers_of(answer: Answer | None) -> Headers:
    pairs = answer.headers.raw_items() if answer is not None else ()
    return response_headers([(name.encode(), value.encode("latin-1")) for name, value in pairs])
