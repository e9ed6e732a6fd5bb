"""The application at Discord from a command line: whose token it is, and whether its commands are ours."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.discord.sync import is_known, tell
from bot.domain.errors import DiscordUnavailable
from bot.threads.discord_client import AWAY

T = TypeVar("T")


class WrongToken(Exception):
    """Discord does not know it, or it is another application's."""


class DeployedApplication:
    """Each call signs in anew; none may take longer than so many seconds."""

    def __init__(self, api: str, token: str, application_id: str, seconds: float) -> None:
        discord.http.Route.BASE = api
        self._token = token
        self._application_id = application_id
        self._seconds = seconds

    def knows_commands(self) -> bool:
        """Raises WrongToken and DiscordUnavailable."""
        return self._do(is_known)

    def tell_commands(self) -> None:
        """Raises WrongToken and DiscordUnavailable."""
        self._do(tell)

    def _do(self, work: Callable[[discord.Client], Awaitable[T]]) -> T:
        try:
            return asyncio.run(asyncio.wait_for(self._signed_in(work), self._seconds))
        except discord.LoginFailure:
            raise WrongToken("Discord does not know DISCORD_TOKEN") from None
        except (discord.HTTPException, *AWAY) as error:
            raise DiscordUnavailable(f"Discord could not be reached ({type(error).__name__})") from None

    async def _signed_in(self, work: Callable[[discord.Client], Awaitable[T]]) -> T:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(self._token)
            if self._application_id and str(client.application_id) != self._application_id:
                raise WrongToken("DISCORD_TOKEN is another application's than DISCORD_APPLICATION_ID")
            return await work(client)
