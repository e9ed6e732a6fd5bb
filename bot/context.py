"""`Context`: the one frozen bag of collaborators given to handlers and runs."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.accounts import Accounts
from bot.discord_accounts import DiscordAccounts
from bot.domain.errors import UserError
from bot.domain.links import Links
from bot.domain.models import ApiRef, ChannelRef, DiscussionRef, ThreadRef
from bot.engine import Engine
from bot.first_hand import FirstHand
from bot.hub.client import HubClient
from bot.hub.discussions import Discussions
from bot.hub.jobs import JobPlan
from bot.hub.models import Model
from bot.hub.prices import Prices
from bot.invitations import Invitations
from bot.store.api_keys import ApiKeys
from bot.store.claims import Claims
from bot.store.decisions import Decisions
from bot.store.deliveries import Deliveries
from bot.store.discord_answers import DiscordAnswers
from bot.store.discord_links import DiscordLinks
from bot.store.history import History
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
from bot.threads.base import Thread
from bot.threads.discord_line import DiscordLine
from bot.threads.discussion import DiscussionThread
from bot.threads.fetched import FetchedThread


@dataclass(frozen=True)
class Limits:
    """What the operator set; times in seconds."""

    open_runs_each: int
    commands_per_hour: int
    edit_seconds: float
    silence_seconds: float
    sign_in_seconds: float
    burst_seconds: float
    catch_up_threads: int
    catch_up_seconds: float


def _nobodys() -> None:
    """Outside of a tick nothing is leased."""


@dataclass(frozen=True)
class Context:
    bot_name: str
    bot_hub: HubClient
    """The Hub as the bot: it listens and comments, and never pays."""
    accounts: Accounts
    invitations: Invitations
    api_keys: ApiKeys
    waiting_requests: WaitingRequests
    retention: Retention
    deliveries: Deliveries
    runs: Runs
    history: History
    run_events: RunEvents
    claims: Claims
    first_hand: FirstHand
    watches: Watches
    leases: Leases
    moments: Moments
    decisions: Decisions
    preferences: Preferences
    rates: Rates
    prices: Prices
    discord: DiscordLine
    discord_accounts: DiscordAccounts
    discord_links: DiscordLinks
    discord_answers: DiscordAnswers
    vault: Vault
    engine: Engine
    close_databases: Callable[[], None]
    replica: str
    """Which of several processes this is; `local` where there is one."""
    links: Links
    limits: Limits
    job_plan: JobPlan
    operators: frozenset[str]
    """Discord ids of those who may pause the bot."""
    clock: Callable[[], float]
    started_at: float
    """When this bot began to work."""
    lease: Callable[[], None] = _nobodys
    """Called just before each effect of a tick: LeaseLost if it was held up for so long that another has its
    run."""
    models_seen: dict[str, Model | UserError] | None = None
    """What a tick has seen of its run's model, by the run: two steps of one tick ask once."""

    @property
    def discussions(self) -> Discussions:
        return Discussions(self.bot_hub)

    def thread(self, ref: ThreadRef) -> Thread:
        match ref:
            case DiscussionRef():
                return DiscussionThread(self.discussions, ref, self.bot_name)
            case ApiRef():
                return FetchedThread()
            case ChannelRef():
                from bot.threads.discord_channel import ChannelThread  # and discord.py, which only these need

                return ChannelThread(
                    self.discord, ref, self.discord_answers, self.runs.get, self.links, self.vault, self.clock
                )

    def look_at(self, run_id: str) -> None:
        """Something happened to this run: have it looked at now, and durably."""
        self.claims.ask(run_id, self.clock())
        self.engine.tick(run_id)
