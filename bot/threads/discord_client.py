"""The discord.py client: how it connects, whom it hears, and what its troubles mean to us."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import yarl

from bot.domain.errors import DiscordUnavailable
from bot.log import fields

log = logging.getLogger(__name__)

Hear = Callable[[discord.Interaction], Awaitable[None]]
SetUp = Callable[[discord.Client], Awaitable[None]]
AWAY = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError, discord.ConnectionClosed)


class Client(discord.Client):
    """No intents: commands and buttons reach it without any, and it reads nobody's messages."""

    passing = (discord.RateLimited, *AWAY)
    """What a call may raise that can be repeated later."""

    def __init__(self, api: str, hear: Hear, set_up: SetUp, seconds: float) -> None:
        discord.http.Route.BASE = api
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=seconds,
        )
        self._hear, self._set_up = hear, set_up

    async def setup_hook(self) -> None:
        """discord.py does not ask by itself where the gateway is."""
        _, url, _ = await self.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await self._set_up(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the five seconds that shards of a big bot wait for each other."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._hear(interaction)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        log.exception("discord event failed", extra=fields(event=event_method))

    @staticmethod
    def in_our_words(trouble: Exception) -> DiscordUnavailable:
        """One of `passing`."""
        if isinstance(trouble, discord.RateLimited):
            return DiscordUnavailable("Discord asked us to wait", trouble.retry_after)
        return DiscordUnavailable(f"Discord could not be reached ({type(trouble).__name__})")
