"""The local Hub, put together: every route, the headers on every answer, what starts and stops with it."""

from collections.abc import AsyncIterator, Mapping
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
    duplicates,
    files,
    gated,
    jobs,
    journal,
    large_file_routes,
    lfs_routes,
    likes,
    misbehaviour_layer,
    misbehaviour_routes,
    moves,
    oauth,
    oauth_device,
    oauth_tokens,
    ownerless,
    pages,
    preupload,
    refs,
    repo_info,
    repo_lists,
    repo_routes,
    sessions,
    spaces,
    squashing,
    unsupported,
    webhooks,
    xet_access,
    xet_routes,
)
from bot.localhub.rate_limits import Bucket, Limits, RateLimits
from bot.localhub.state import Hub

ROUTERS = (
    accounts.router,
    jobs.router,
    buckets.router,
    spaces.router,
    cards.router,
    repo_routes.router,
    moves.router,
    refs.router,
    squashing.router,
    duplicates.router,
    gated.router,
    likes.router,
    preupload.router,
    lfs_routes.router,
    large_file_routes.router,
    xet_access.router,
    xet_routes.router,
    commit_routes.router,
    discussion_routes.router,
    files.router,
    repo_info.router,
    repo_lists.router,
    ownerless.router,
    webhooks.router,
    oauth.router,
    oauth_tokens.router,
    oauth_device.router,
    journal.router,
    misbehaviour_routes.router,
    sessions.router,
    unsupported.router,
    pages.router,
)
"""In this order: unknown API addresses are answered before the pages, which take nearly any address."""
LARGEST_BODY = 1_000_000_000
"""Bytes; a commit is read into memory as a whole."""


def create_app(
    hub: Hub, *, limits: Mapping[Bucket, int] | None = None, journal_file: Path | None = None
) -> FastAPI:
    app = FastAPI(
        title="Local Hub",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_BODY,
    )
    app.state.hub = hub
    app.state.journal = journal.Journal(journal_file)
    app.add_middleware(misbehaviour_layer.Misbehaviour)
    app.add_middleware(RateLimits, limits=Limits(limits or {}))
    app.add_middleware(HubHeaders)
    app.add_middleware(journal.KeepsJournal, journal=app.state.journal)
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
            await send(message)

        await self.app(scope, receive, send_with_headers)
