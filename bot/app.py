"""The bot as an ASGI app: its routes, its error pages, and its work beside them."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from bot.assembly import Clock, build_context
from bot.at_work import AtWork, sole_use
from bot.completion import Completion
from bot.context import Context
from bot.domain.errors import HubUnavailable
from bot.hub.payloads import read_change, read_payload
from bot.log import fields
from bot.safekeeping import take_over
from bot.settings import Settings
from bot.web import (
    about,
    account,
    actions,
    artifacts,
    connect,
    forms,
    health,
    history,
    keys,
    live,
    models,
    pages,
    record,
    reports,
    run_page,
    signin,
    status,
)
from bot.web import discord as discord_pages
from bot.web.api import commands as api_commands
from bot.web.api import runs as api_runs
from bot.web.api.callers import Callers
from bot.web.api.problems import Problem, problem_answer, tell, tell_unfit
from bot.web.browser import PAGE_HEADERS, PageHeaders
from bot.web.deliveries_first import DeliveriesFirst
from bot.web.discord_events import DiscordEvents
from bot.web.door import Door
from bot.web.interactions import DiscordInteractions
from bot.web.job_log import LINES, JobLogs
from bot.web.own_forms import NotPressed, tell_who_may
from bot.web.render import STATIC, message_page
from bot.web.status import HubHealth
from bot.web.webhooks import OUR_FAULT, HubWebhook, is_one_of
from handlers.logs import last_lines
from handlers.watchers import is_watchers_secret

log = logging.getLogger(__name__)

ROOMS = (
    *(pages, health, history, run_page, live, artifacts, record, actions, forms, models, about, status),
    *(account, keys, connect, signin, reports, discord_pages, api_commands, api_runs),
)

API_CODES = {400: "E_BODY", 413: "E_BODY", 500: "E_FAULT"}
"""Reason codes of what the framework refuses before the API's own code."""


def create_app(settings: Settings, clock: Clock = time.time) -> FastAPI:
    """The bot as an ASGI app. It starts to work when the server starts it, and stops with it.

    AlreadyRunningError, StateError, HubError, HubUnavailable or TokenGone (with a sentence for the operator)
    if it can't work at all.
    """
    lock = sole_use(settings)  # before the database is touched
    keeper = take_over(settings, clock)
    ctx = build_context(settings, clock)
    if keeper:
        keeper.claim(ctx.moments)
    completion = Completion(ctx, ctx.accounts.person)
    job_logs = JobLogs(lambda run: last_lines(run, ctx, LINES), ctx.clock)
    work = AtWork(ctx, settings, lock, keeper)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        work.start()
        yield
        completion.stop()
        job_logs.stop()
        await run_in_threadpool(work.stop)

    app = DeliveriesFirst(
        title="Space Factory",
        summary="From a model card to a private Space that has answered.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.ctx, app.state.intake, app.state.hand_over = ctx, work.intake, work.hand_over
    app.state.completion, app.state.hub_health = completion, HubHealth(ctx)
    app.state.job_logs = job_logs
    app.state.callers = Callers(ctx, settings.api_requests_per_minute)
    hooks = (
        Route("/webhooks/hub", _webhook(ctx, settings, work)),
        Route("/webhooks/watch/{user_id}", _watchers_webhook(ctx, work)),
    )
    api_each_minute = settings.api_requests_per_minute
    app.add_middleware(Door, each_minute=settings.requests_per_minute, api_each_minute=api_each_minute)
    with_headers = partial(
        PageHeaders,
        is_https=settings.url.startswith("https:"),
        forms_lead_to=(settings.openid_provider_url, settings.discord_api),
    )
    app.add_middleware(with_headers)
    app.lead(hooks, with_headers)
    if work.discord and settings.discord_public_key:
        interactions = DiscordInteractions(
            settings.discord_public_key, ctx.clock, work.discord.endpoint, taken=ctx.engine.deliver
        )
        events = DiscordEvents(settings.discord_public_key, ctx.clock, ctx.discord_links.unlink)
        app.router.routes.append(Route("/webhooks/discord", interactions))
        app.router.routes.append(Route("/webhooks/discord/events", events))
    app.mount("/static", StaticFiles(directory=STATIC))
    for room in ROOMS:
        app.include_router(room.router)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(Problem, tell)
    app.add_exception_handler(NotPressed, tell_who_may)
    app.add_exception_handler(Exception, _our_fault)
    return app


def _webhook(ctx: Context, settings: Settings, work: AtWork) -> HubWebhook:
    bot_id = _bot_id(ctx)
    return HubWebhook(
        is_one_of([secret.get_secret_value() for secret in settings.webhook_secrets]),
        lambda body, _whose: read_payload(body, settings.bot_name, bot_id),
        take=work.intake.take,
        taken=work.hand_over.take,
    )


def _watchers_webhook(ctx: Context, work: AtWork) -> HubWebhook:
    return HubWebhook(
        lambda given, user_id: is_watchers_secret(ctx, given, user_id),
        read_change,
        take=work.intake.take,
        taken=work.hand_over.take,
    )


def _bot_id(ctx: Context) -> str:
    """Our own id, so that our comments are not read. A Hub that is down doesn't keep us from starting: our
    words never hold the mention that commands start with."""
    try:
        return ctx.bot_hub.whoami()[0]
    except HubUnavailable as error:
        log.warning("starting without the Hub", extra=fields(problem=str(error)))
        return ""


async def _no_such_page(request: Request, error: Exception) -> Response:
    """A page that is not there, or an address that can't be read: a sentence, for machines as JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    match status:
        case 404:
            sentence = "There is nothing at this address."
        case 405:
            sentence = f"This address takes {headers.get('Allow', 'other requests')}, not {request.method}."
        case _:
            sentence = "This request can't be answered."
    answer = await _say(request, "Nothing here", sentence, status)
    answer.headers.update(headers)
    return answer


async def _unfit(request: Request, error: Exception) -> Response:
    """A person typed an address, or a script sent what is not described."""
    assert isinstance(error, RequestValidationError)
    return tell_unfit(error) if request.url.path.startswith("/api/") else await _no_such_page(request, error)


async def _our_fault(request: Request, error: Exception) -> Response:
    """Ours: the trace goes to the log, a sentence to the person."""
    log.error("request failed", extra=fields(path=request.url.path), exc_info=error)
    answer = await _say(request, "Something broke", OUR_FAULT, 500)
    answer.headers.update(PAGE_HEADERS)  # this one is made outside of the middleware
    return answer


async def _say(request: Request, title: str, sentence: str, status: int) -> Response:
    if request.url.path.startswith("/api/"):
        return problem_answer(422 if status == 400 else status, API_CODES.get(status, "E_ADDRESS"), sentence)
    if request.url.path.startswith("/webhooks/"):
        return JSONResponse({"error": sentence}, status)
    return await run_in_threadpool(message_page, request, title, sentence, status=status)
