"""The composition root: settings in, a running bot out. Everything that is built is built here, once."""

import fcntl
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

import handlers
from bot.accounts import Accounts
from bot.context import Context, Limits
from bot.discord.endpoint import Endpoint
from bot.discord.first_answer import FirstAnswers
from bot.discord.gateway import Gateway
from bot.discord_accounts import DiscordAccounts, DiscordApp
from bot.domain.errors import HubUnavailable
from bot.domain.links import Links
from bot.domain.redact import never_say
from bot.engine import Engine
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.jobs import JobPlan
from bot.hub.oauth import OAuthApp
from bot.hub.prices import Prices
from bot.intake import Intake, deliver
from bot.log import fields
from bot.runs.advance import advance
from bot.settings import Settings
from bot.store.accounts import Accounts as AccountStore
from bot.store.claims import Claims
from bot.store.database import open_database
from bot.store.decisions import Decisions
from bot.store.deliveries import Deliveries
from bot.store.discord_answers import DiscordAnswers
from bot.store.discord_links import DiscordLinks
from bot.store.preferences import Preferences
from bot.store.rates import Rates
from bot.store.run_events import RunEvents
from bot.store.runs import Runs
from bot.store.vault import Vault
from bot.threads.discord_line import DiscordLine
from bot.upkeep import Upkeep
from bot.web import account, live, pages, reports, signin
from bot.web import discord as discord_pages
from bot.web.browser import PAGE_HEADERS, PageHeaders
from bot.web.door import Door
from bot.web.interactions import DiscordInteractions
from bot.web.render import STATIC, message_page
from bot.web.webhooks import HubWebhook

log = logging.getLogger(__name__)

Clock = Callable[[], float]


class AlreadyRunningError(Exception):
    """Another process holds this data folder: SQLite serves one bot, and PostgreSQL serves several."""


def create_app(settings: Settings, clock: Clock = time.time) -> FastAPI:
    """The bot as an ASGI app. It starts to work when the server starts it, and stops with it.

    AlreadyRunningError, HubError or TokenGone (with a sentence for the operator) if it can't work at all.
    """
    lock = _sole_use(settings)
    ctx = build_context(settings, clock)
    intake, upkeep = Intake(ctx.deliveries, clock), Upkeep(ctx, settings.upkeep_seconds)
    first = FirstAnswers(ctx, intake)
    gateway = Gateway(ctx, first) if settings.discord_token.get_secret_value() else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with lock:
            _start(ctx, settings, intake, upkeep)
            if gateway:
                gateway.start()
            yield
            if gateway:
                gateway.stop()
            first.stop()
            upkeep.stop()
            intake.stop()
            ctx.engine.stop()

    app = FastAPI(title="Space Factory", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.ctx = ctx
    app.add_middleware(Door, each_minute=settings.requests_per_minute)
    app.add_middleware(PageHeaders, is_https=settings.url.startswith("https:"))
    app.router.routes.append(Route("/webhooks/hub", _webhook(ctx, settings, intake)))
    if settings.discord_public_key:
        app.router.routes.append(Route("/webhooks/discord", _interactions(ctx, settings, first)))
    app.mount("/static", StaticFiles(directory=STATIC))
    for room in (pages, live, account, signin, reports, discord_pages):
        app.include_router(room.router)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_exception_handler(Exception, _our_fault)
    return app


def _webhook(ctx: Context, settings: Settings, intake: Intake) -> HubWebhook:
    return HubWebhook(
        [secret.get_secret_value() for secret in settings.webhook_secrets],
        settings.bot_name,
        _bot_id(ctx),
        take=intake.take,
        taken=ctx.engine.deliver,
    )


def _interactions(ctx: Context, settings: Settings, first: FirstAnswers) -> DiscordInteractions:
    return DiscordInteractions(
        settings.discord_public_key, ctx.clock, answer=Endpoint(first), taken=ctx.engine.deliver
    )


def _bot_id(ctx: Context) -> str:
    """Our own id, so that our comments are not read. A Hub that is down doesn't keep us from starting: our
    words never hold the mention that commands start with."""
    try:
        return ctx.bot_hub.whoami()[0]
    except HubUnavailable as error:
        log.warning("starting without the Hub", extra=fields(problem=str(error)))
        return ""


def build_context(settings: Settings, clock: Clock) -> Context:
    """Open the database and make every collaborator; nothing works yet."""
    bound_all_calls()
    never_say(settings.all_secrets())
    main = open_database(settings.main_database, "main")
    vault = Vault([key.get_secret_value() for key in settings.vault_keys])
    oauth = OAuthApp(
        provider=settings.openid_provider_url,
        client_id=settings.oauth_client_id,
        client_secret=settings.oauth_client_secret.get_secret_value(),
        redirect_uri=f"{settings.url}/callback",
    )
    links = DiscordLinks(main)
    bot_hub = HubClient(settings.hf_endpoint, settings.bot_token.get_secret_value())
    return Context(
        bot_name=settings.bot_name,
        bot_hub=bot_hub,
        accounts=Accounts(AccountStore(main), vault, oauth, settings.hf_endpoint, clock),
        deliveries=Deliveries(open_database(settings.inbox_database, "inbox")),
        runs=Runs(main),
        run_events=RunEvents(main),
        claims=Claims(main),
        decisions=Decisions(main),
        preferences=Preferences(main),
        rates=Rates(main, clock),
        prices=Prices(bot_hub, clock),
        discord=DiscordLine(
            settings.discord_api, settings.discord_token.get_secret_value(), listens=settings.discord_gateway
        ),
        discord_accounts=DiscordAccounts(links, vault, _discord_app(settings), clock),
        discord_links=links,
        discord_answers=DiscordAnswers(main),
        vault=vault,
        engine=Engine(main, executor_id=uuid.uuid4().hex if settings.database_url else "local"),
        links=Links(hub=settings.hf_endpoint, bot=settings.url),
        limits=Limits(
            open_runs_each=settings.open_runs_each,
            commands_per_hour=settings.commands_per_hour,
            edit_seconds=settings.edit_seconds,
            silence_seconds=settings.silence_seconds,
            sign_in_seconds=settings.sign_in_hours * 3600,
        ),
        job_plan=JobPlan(settings.worker_image, settings.job_flavor, settings.job_minutes),
        operators=frozenset(settings.discord_operators),
        clock=clock,
        started_at=clock(),
    )


def _discord_app(settings: Settings) -> DiscordApp:
    return DiscordApp(
        api=settings.discord_api,
        client_id=settings.discord_application_id,
        client_secret=settings.discord_client_secret.get_secret_value(),
        redirect_uri=f"{settings.url}/discord/callback",
    )


def _start(ctx: Context, settings: Settings, intake: Intake, upkeep: Upkeep) -> None:
    if not settings.database_url:
        ctx.claims.start_over(ctx.started_at)
        ctx.deliveries.start_over(ctx.started_at)
    intake.start()
    ctx.engine.start(
        deliver=lambda key: deliver(key, ctx, handlers.handle, handlers.apologise),
        tick=lambda run_id: advance(run_id, ctx),
    )
    upkeep.start()


def _sole_use(settings: Settings) -> AbstractContextManager[object]:
    """Hold the data folder while the embedded database is used: two processes on one would do work twice."""
    if settings.database_url:
        return nullcontext()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = (settings.data_dir / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AlreadyRunningError(
            f"Another bot uses {settings.data_dir}. Stop it, or set DATA_DIR to another folder."
        ) from None
    return lock


async def _no_such_page(request: Request, error: Exception) -> Response:
    """A page that is not there, or an address that can't be read: a sentence, for machines as JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    sentence = "There is nothing at this address." if status == 404 else "This request can't be answered."
    return await _say(request, "Nothing here", sentence, status)


async def _our_fault(request: Request, error: Exception) -> Response:
    """Ours: the trace goes to the log, a sentence to the person."""
    log.error("request failed", extra=fields(path=request.url.path), exc_info=error)
    answer = await _say(request, "Something broke", "It has been noted. Please try again in a minute.", 500)
    answer.headers.update(PAGE_HEADERS)  # this one is made outside of the middleware
    return answer


async def _say(request: Request, title: str, sentence: str, status: int) -> Response:
    if request.url.path.startswith(("/api/", "/webhooks/")):
        return JSONResponse({"error": sentence}, status)
    return await run_in_threadpool(message_page, request, title, sentence, status=status)
