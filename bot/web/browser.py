"""What a browser brings and is given: the session cookie, the sign-in cookie, the headers of every page."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.context import Context
from bot.domain.people import Person
from bot.domain.retention import SESSION, SIGN_IN

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
FILE_POLICY = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
"""For what strangers made: whatever it is, nothing in it runs or loads anything."""
FILE_HEADER = (b"content-security-policy", FILE_POLICY.encode())
KEPT_FOR_EVER = "/static/"


class PageHeaders:
    """Puts the headers on every answer: no page of ours may be framed, or load anything from elsewhere."""

    def __init__(self, app: ASGIApp, *, is_https: bool, forms_lead_to: Sequence[str]) -> None:
        """`forms_lead_to`: addresses of those who sign people in; a browser follows our forms only there."""
        self._app = app
        policy = " ".join([PAGE_HEADERS["Content-Security-Policy"], *map(_origin, forms_lead_to)])
        headers = PAGE_HEADERS | {"Content-Security-Policy": policy}
        if is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        self._headers = _raw(headers)
        self._uncached = self._headers | _raw({"Cache-Control": "no-store"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # A page shows who is signed in: no cache between us may keep it.
        ours = self._headers if scope["path"].startswith(KEPT_FOR_EVER) else self._uncached

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = [each for each in message["headers"] if each[0] not in ours or each == FILE_HEADER]
                named = {name for name, _ in theirs}
                message["headers"] = [*theirs, *(each for each in ours.items() if each[0] not in named)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.lower().encode(): value.encode() for name, value in headers.items()}


def context_of(request: Request) -> Context:
    ctx: Context = request.app.state.ctx
    return ctx


def person_of(request: Request) -> Person | None:
    """Who is signed in with this browser, if anybody."""
    session = request.cookies.get(_name(request, "session"), "")
    return context_of(request).accounts.person_of(session) if session else None


Ctx = Annotated[Context, Depends(context_of)]
Visitor = Annotated[Person | None, Depends(person_of)]


def cookie(request: Request, purpose: str) -> str:
    return request.cookies.get(_name(request, purpose), "")


def give_cookie(request: Request, response: Response, purpose: str, value: str) -> None:
    """`session` lasts a week; `sign-in` ten minutes. Neither is readable by scripts."""
    response.set_cookie(
        _name(request, purpose),
        value,
        max_age=int(SESSION if purpose == "session" else SIGN_IN),
        httponly=True,
        secure=_is_https(request),
        samesite="lax",
        path="/",
    )


def take_cookie(request: Request, response: Response, purpose: str) -> None:
    response.delete_cookie(_name(request, purpose), path="/", secure=_is_https(request), httponly=True)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _name(request: Request, purpose: str) -> str:
    """Over https a browser holds a `__Host-` cookie to this very host."""
    return f"__Host-{purpose}" if _is_https(request) else purpose


def _is_https(request: Request) -> bool:
    return context_of(request).links.bot.startswith("https:")
