"""What all pages have in common: who is looking, what the page may load, and how a refusal looks."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from bot.localhub.accounts import Caller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.pages import words
from bot.localhub.rendering import page
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.sessions import browser_caller, browser_session, check_csrf, csrf_token

MAY_LOAD = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def show(
    request: Request, template: str, *, status: int = 200, frame: str | None = None, **context: object
) -> HTMLResponse:
    """Render a page for whoever is signed in. It loads nothing but this Hub's files, and `frame` if given."""
    response = page(
        request,
        template,
        status=status,
        user=browser_session(request),
        csrf=csrf_token(request),
        here=quote(request.url.path),
        words=words,
        **context,
    )
    response.headers["Content-Security-Policy"] = MAY_LOAD + (f"; frame-src {frame}" if frame else "")
    return response


def go_to(address: str) -> RedirectResponse:
    """After a form: show this page. `address` is a path of this Hub, not yet quoted."""
    path, _, fragment = address.partition("#")
    return RedirectResponse(quote(path) + (f"#{fragment}" if fragment else ""), status_code=303)


class PageRoute(APIRoute):
    """Answers a refusal with a page, where the API answers with JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            try:
                return await answer(request)
            except HubError as refusal:
                return refused(request, refusal.status, refusal.message)
            except RequestValidationError:
                return refused(
                    request, 400, "Something in this address or form is missing or has the wrong form"
                )

        return answer_with_a_page


def refused(request: Request, status: int, message: str) -> Response:
    return show(request, "refusal.html", status=status, code=status, message=message)


def _sender(request: Request, csrf: Annotated[str, Form()] = "") -> Caller:
    caller = browser_caller(request)
    if caller is None:
        raise HubError(401, "You are not signed in. Sign in, go back and send the form again")
    check_csrf(request, csrf)
    return caller


def _signed_in(request: Request) -> Caller:
    caller = browser_caller(request)
    if caller is None:
        raise HubError(401, "This page is for people who are signed in")
    return caller


Viewer = Annotated[Caller | None, Depends(browser_caller)]
"""Who looks at the page, if anyone is signed in."""
SignedIn = Annotated[Caller, Depends(_signed_in)]
Sender = Annotated[Caller, Depends(_sender)]
"""Who sent a form, which is sure to come from a page of ours."""


def _visible(hub: TheHub, viewer: Viewer, kind: RepoKind, namespace: str, name: str) -> Repo:
    return find(hub, kind, f"{namespace}/{name}", viewer)


VisibleRepo = Annotated[Repo, Depends(_visible)]
