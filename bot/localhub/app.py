"""The local Hub, put together: every route, the headers on every answer, what starts and stops with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.localhub import (
    accounts,
    answers,
    blobs,
    buckets,
    cards,
    commit_routes,
    deliveries,
    discussion_routes,
    files,
    jobs,
    oauth,
    oauth_tokens,
    pages,
    refs,
    repo_info,
    repo_routes,
    sessions,
    spaces,
    unsupported,
    webhooks,
)
from bot.localhub.state import Hub

ROUTERS = (
    accounts.router,
    jobs.router,
    buckets.router,
    spaces.router,
    cards.router,
    repo_routes.router,
    refs.router,
    commit_routes.router,
    discussion_routes.router,
    files.router,
    repo_info.router,
    webhooks.router,
    oauth.router,
    oauth_tokens.router,
    sessions.router,
    unsupported.router,
    pages.router,
)
"""In this order: unknown API addresses are answered before the pages, which take nearly any address."""
LARGEST_BODY = 1_000_000_000
"""Bytes; a commit is read into memory as a whole."""


def create_app(hub: Hub) -> FastAPI:
    app = FastAPI(
        title="Local Hub",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_BODY,
    )
    app.state.hub = hub
    app.add_middleware(HubHeaders)
    answers.install(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub: Hub = app.state.hub
    blobs.drop_unfinished(hub)
    await deliveries.start(hub)
    jobs.resume(hub)
    spaces.resume(hub)
    try:
        yield
    finally:
        end_children(hub)
        await deliveries.stop(hub)


def end_children(hub: Hub) -> None:
    """End every Job and every Space's app. Safe to repeat."""
    jobs.stop_all(hub)
    spaces.stop_all(hub)


class HubHeaders:
    """Puts the headers on every answer that clients of the Hub look at."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Exact, not cached: the client cuts a Job's log at the Date of the answer.
                headers["Date"] = formatdate(usegmt=True)
                headers.setdefault("RateLimit", '"api";r=999;t=290')
                headers.setdefault("RateLimit-Policy", '"fixed window";"api";q=1000;w=300')
            await send(message)

        await self.app(scope, receive, send_with_headers)
