"""The local Hub, put together: every route, the headers on every answer, what starts and stops with it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.localhub import (
    accounts,
    answers,
    attachments,
    blobs,
    bucket_webhooks,
    buckets,
    cards,
    collections,
    commit_routes,
    cross_origin,
    deliveries,
    discussion_routes,
    duplicates,
    files,
    followers,
    gated,
    git_routes,
    jobs,
    journal,
    large_file_deletion,
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
    people,
    preupload,
    refs,
    repo_info,
    repo_lists,
    repo_routes,
    sessions,
    space_search,
    spaces,
    squashing,
    storage,
    unsupported,
    webhooks,
    xet_access,
    xet_collection,
    xet_routes,
)
from bot.localhub.rate_limits import Bucket, Limits, RateLimits
from bot.localhub.state import Hub

ROUTERS = (
    accounts.router,
    people.router,
    followers.router,
    storage.router,
    jobs.router,
    buckets.router,
    spaces.router,
    space_search.router,
    attachments.router,
    cards.router,
    repo_routes.router,
    moves.router,
    refs.router,
    squashing.router,
    duplicates.router,
    gated.router,
    likes.router,
    collections.router,
    preupload.router,
    lfs_routes.router,
    large_file_routes.router,
    large_file_deletion.router,
    git_routes.router,
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
_REQUEST_ID = re.compile(r"[\w=;:.-]{1,200}", re.ASCII)
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
    app.add_middleware(cross_origin.CrossOrigin)
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
    xet_collection.collect(hub)
    await deliveries.start(hub)
    jobs.resume(hub)
    spaces.resume(hub)
    bucket_webhooks.start(hub)
    try:
        yield
    finally:
        end_children(hub)
        bucket_webhooks.stop(hub)
        await deliveries.stop(hub)


def end_children(hub: Hub) -> None:
    """End every Job and every Space's app. Safe to repeat."""
    jobs.stop_all(hub)
    spaces.stop_all(hub)


def _request_id(headers: Headers) -> str | None:
    """The id that the client itself gave the request."""
    given = headers.get("x-request-id") or headers.get("x-amzn-trace-id") or ""
    return given if _REQUEST_ID.fullmatch(given) else None


class HubHeaders:
    """Puts the headers on every answer that clients of the Hub look at."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if asked_as := _request_id(Headers(scope=scope)):
                    headers["X-Request-Id"] = asked_as
                # Exact, not cached: the client cuts a Job's log at the Date of the answer.
                headers["Date"] = formatdate(usegmt=True)
            await send(message)

        await self.app(scope, receive, send_with_headers)
