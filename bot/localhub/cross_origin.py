"""Web pages of other addresses may call this Hub as they call the real one: with a token, never a cookie."""

import re

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN = re.compile(
    r"/api/|/xet/|/oauth/(token|userinfo|device|jwks)$|/\.well-known/"
    r"|/(buckets/|spaces/|datasets/)?[^/]+/[^/]+/(resolve|raw)/|/[^/]+/[^/]+\.git/info/lfs/"
)
"""Not the pages, and not what steers this Hub itself."""
READABLE = (
    "X-Repo-Commit",
    "X-Request-Id",
    "X-Error-Code",
    "X-Error-Message",
    "X-Total-Count",
    "ETag",
    "Link",
    "Accept-Ranges",
    "Content-Range",
    "X-Linked-Size",
    "X-Linked-ETag",
    "X-Xet-Hash",
)


class CrossOrigin:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.opened = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=READABLE,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and OPEN.match(scope["path"]) is not None
        await (self.opened if is_open else self.app)(scope, receive, send)
