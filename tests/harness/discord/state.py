"""Everything the stand-in knows, in one place, for its routes and its people."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from tests.harness.discord.clock import Clock
from tests.harness.discord.commands import Commands
from tests.harness.discord.endpoint import Endpoint
from tests.harness.discord.errors import refuse
from tests.harness.discord.gateway import Gateway
from tests.harness.discord.journal import Journal
from tests.harness.discord.oauth import OAuth
from tests.harness.discord.permissions import ALL
from tests.harness.discord.places import DIRECT, Channel, Guild, User
from tests.harness.discord.rate_limits import RateLimits
from tests.harness.discord.troubles import Troubles
from tests.harness.discord.webhook_events import WebhookEvents

if TYPE_CHECKING:
    from tests.harness.discord.interactions import Interaction


class State:
    """One application with its bot, and the world it is in. Changed on the server's event loop only."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.application_id = self.clock.snowflake()
        self.bot = User(self.application_id, "space-factory", "space-factory", bot=True)
        self.token = _token(self.application_id)
        self.client_secret = secrets.token_urlsafe(24)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.installed_by: set[str] = set()
        self.closed_to_bot: set[str] = set()
        """Ids of people who take no messages from the bot."""
        self.interactions: dict[str, Interaction] = {}
        self.commands = Commands(self.clock, self.application_id)
        self.oauth = OAuth(self.clock)
        self.journal = Journal(self.clock)
        self.rate_limits = RateLimits()
        self.troubles = Troubles()
        self.gateway = Gateway(self)
        self.endpoint = Endpoint(self)
        self.webhook_events = WebhookEvents(self)

    def new_token(self) -> None:
        """As after "Reset token" in the developer portal: the old one is worth nothing."""
        self.token = _token(self.application_id)

    def deliver(self, interaction: Interaction) -> None:
        """To the endpoint if there is one, else through the gateway; never both."""
        if self.endpoint.url:
            self.endpoint.deliver(interaction)
        else:
            guild = interaction.channel.guild
            known = guild if guild and guild.bot_is_member else None
            self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild=known)

    def channel(self, channel_id: str) -> Channel:
        channel = self.channels.get(channel_id)
        if channel is None or channel.gone:
            raise refuse(10003)
        if not channel.bot_is_here:
            raise refuse(50001)
        return channel

    def guild(self, guild_id: str) -> Guild:
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.bot_is_member:
            raise refuse(10004)
        return guild

    def direct(self, user: User) -> Channel:
        """The DM between the bot and this person."""
        for channel in self.channels.values():
            if channel.type == DIRECT and user in channel.recipients:
                return channel
        channel = Channel(self.clock.snowflake(), user.name, DIRECT, recipients=[user], bot_may=ALL)
        self.channels[channel.id] = channel
        return channel


def _token(application_id: str) -> str:
    owner = base64.urlsafe_b64encode(application_id.encode()).decode().rstrip("=")
    return f"{owner}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
