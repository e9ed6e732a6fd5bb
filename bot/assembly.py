"""Settings in, every collaborator out. What is built is built here, once; nothing works yet."""

import uuid
from collections.abc import Callable
from functools import partial

from bot.accounts import Accounts
from bot.context import Context, Limits
from bot.discord_accounts import DiscordAccounts, DiscordApp
from bot.domain.links import Links
from bot.domain.redact import never_say
from bot.engine import Engine
from bot.first_hand import OVERLAP, FirstHand
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.jobs import JobPlan
from bot.hub.oauth import OAuthApp
from bot.hub.prices import Prices
from bot.invitations import Invitations
from bot.settings import Settings
from bot.store.accounts import Accounts as AccountStore
from bot.store.api_keys import ApiKeys
from bot.store.claims import Claims
from bot.store.database import close_databases, open_database
from bot.store.decisions import Decisions
from bot.store.deliveries import Deliveries
from bot.store.discord_answers import DiscordAnswers
from bot.store.discord_links import DiscordLinks
from bot.store.history import History
from bot.store.invitations import InvitationRows
from bot.store.leases import Leases
from bot.store.moments import Moments
from bot.store.preferences import Preferences
from bot.store.rates import Rates
from bot.store.retention import Retention
from bot.store.run_events import RunEvents
from bot.store.runs import Runs
from bot.store.vault import Vault
from bot.store.waiting_requests import WaitingRequests
from bot.store.watches import Watches
from bot.threads.discord_line import DiscordLine
from worker.contract import Kept

Clock = Callable[[], float]


def build_context(settings: Settings, clock: Clock) -> Context:
    """Open the database and make every collaborator; nothing works yet."""
    bound_all_calls(settings.hub_seconds)
    never_say(settings.all_secrets())
    main = open_database(settings.main_database, "main")
    inbox = open_database(settings.inbox_database, "inbox")
    vault = Vault([key.get_secret_value() for key in settings.vault_keys])
    oauth = OAuthApp(
        provider=settings.openid_provider_url,
        client_id=settings.oauth_client_id,
        client_secret=settings.oauth_client_secret.get_secret_value(),
        redirect_uri=f"{settings.url}/callback",
    )
    replica = uuid.uuid4().hex if settings.database_url else "local"
    links, discord_links = Links(hub=settings.hf_endpoint, bot=settings.url), DiscordLinks(main)
    invitations = Invitations(InvitationRows(main), links, clock)
    bot_hub = HubClient(settings.hf_endpoint, settings.bot_token.get_secret_value())
    return Context(
        bot_name=settings.bot_name,
        bot_hub=bot_hub,
        accounts=Accounts(AccountStore(main), vault, oauth, invitations, settings.hf_endpoint, clock),
        invitations=invitations,
        api_keys=ApiKeys(main),
        waiting_requests=WaitingRequests(main),
        deliveries=Deliveries(inbox, replica),
        retention=Retention(main, inbox),
        runs=Runs(main),
        history=History(main),
        run_events=RunEvents(main),
        claims=Claims(main, replica),
        first_hand=FirstHand(replica, since=clock() + (OVERLAP if settings.state_bucket else 0)),
        watches=Watches(main),
        leases=Leases(main),
        moments=Moments(main),
        decisions=Decisions(main),
        preferences=Preferences(main),
        rates=Rates(main, clock),
        prices=Prices(bot_hub, clock),
        discord=DiscordLine(
            settings.discord_api,
            settings.discord_token.get_secret_value(),
            listens=settings.discord_gateway and not settings.database_url,
            seconds=settings.discord_seconds,
        ),
        discord_accounts=DiscordAccounts(discord_links, vault, _discord_app(settings), clock),
        discord_links=discord_links,
        discord_answers=DiscordAnswers(main),
        vault=vault,
        engine=Engine(main, executor_id=replica),
        close_databases=partial(close_databases, main, inbox),
        replica=replica,
        links=links,
        limits=Limits(
            open_runs_each=settings.open_runs_each,
            commands_per_hour=settings.commands_per_hour,
            edit_seconds=settings.edit_seconds,
            silence_seconds=settings.silence_seconds,
            sign_in_seconds=settings.sign_in_hours * 3600,
            burst_seconds=settings.burst_seconds,
            catch_up_threads=settings.catch_up_threads,
            catch_up_seconds=settings.catch_up_days * 24 * 3600,
        ),
        job_plan=JobPlan(
            settings.worker_image,
            settings.job_flavor,
            settings.job_minutes,
            Kept(days=settings.record_days, runs_of_a_space=settings.record_runs),
            are_pictured=settings.job_pictures,
        ),
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
