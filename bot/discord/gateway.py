"""The entrance over the gateway: what discord.py hears is answered, kept, and carried on."""

import asyncio
import logging

import discord
from discord import app_commands

from bot.context import Context
from bot.discord.first_answer import Choices, Deferral, FirstAnswers, Pong, Refusal
from bot.discord.interaction import from_gateway
from bot.discord.sync import sync
from bot.log import fields
from bot.threads.discord_client import AWAY

log = logging.getLogger(__name__)

HEARD = frozenset(
    {
        discord.InteractionType.application_command,
        discord.InteractionType.component,
        discord.InteractionType.autocomplete,
    }
)


class Gateway:
    def __init__(self, ctx: Context, first: FirstAnswers) -> None:
        self._ctx = ctx
        self._first = first

    def start(self) -> None:
        self._ctx.discord.start(self._hear, sync)

    def listen(self, on: bool) -> None:  # a switch
        """Be the process that hears interactions, or leave that to another one."""
        self._ctx.discord.listen(on, self._hear, sync)

    def stop(self) -> None:
        self._ctx.discord.stop()

    async def _hear(self, heard: discord.Interaction) -> None:
        if heard.type not in HEARD:
            return
        answer = await self._first.to(from_gateway(heard))
        response = heard.response
        try:
            match answer:
                case Deferral(_, is_ephemeral):
                    await response.defer(ephemeral=is_ephemeral, thinking=True)
                case Choices(values):
                    await response.autocomplete(
                        [app_commands.Choice(name=each, value=each) for each in values]
                    )
                case Refusal(sentence):
                    await response.send_message(sentence, ephemeral=True)
                case Pong():
                    pass
        except (discord.HTTPException, *AWAY) as problem:
            # It is kept, so its answer comes all the same, as a message of its own.
            log.warning(
                "first answer lost", extra=fields(interaction=heard.id, problem=type(problem).__name__)
            )
        if isinstance(answer, Deferral):
            await asyncio.to_thread(self._ctx.engine.deliver, answer.key)
