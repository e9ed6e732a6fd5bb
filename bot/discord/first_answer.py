"""The first answer to an interaction, which has to be there within three seconds: a deferral, completions, or
a plain refusal. Both entrances give the same."""

import asyncio
import base64
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.completion import Completion
from bot.context import Context
from bot.discord.interaction import Interaction, Kind
from bot.discord.visibility import Visibility
from bot.discord.words import typed_into, words_of
from bot.domain import messages_discord
from bot.domain.events import InteractionAsked
from bot.domain.people import Person
from bot.intake import Intake
from bot.log import fields
from bot.threads.discord_buttons import pressed

log = logging.getLogger(__name__)

BUDGET = 0.6
"""Seconds to find out who may read the answer."""


@dataclass(frozen=True)
class Pong:
    """The endpoint was tried."""


@dataclass(frozen=True)
class Deferral:
    """It is kept; an answer will come. `key` is the delivery's."""

    key: str
    is_ephemeral: bool


@dataclass(frozen=True)
class Choices:
    values: Sequence[str]


@dataclass(frozen=True)
class Refusal:
    """For this person's eyes only."""

    sentence: str


FirstAnswer = Pong | Deferral | Choices | Refusal


class FirstAnswers:
    def __init__(self, ctx: Context, intake: Intake) -> None:
        self._ctx = ctx
        self._intake = intake
        self._completion = Completion(ctx, self._on_the_hub)
        self._visibility = Visibility(ctx)
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="discord-first")

    async def to(self, asked: Interaction) -> FirstAnswer:
        match asked.kind:
            case Kind.PING:
                return Pong()
            case Kind.TYPING:
                return await self._complete(asked)
            case Kind.COMMAND:
                return await self._take(asked, words_of(asked.data))
            case Kind.BUTTON:
                button = pressed(str(asked.data.get("custom_id", "")), self._ctx.vault)
                return (
                    await self._take(asked, button) if button else Refusal(messages_discord.unknown_button())
                )

    def _on_the_hub(self, discord_id: str) -> Person | None:
        link = self._ctx.discord_links.of(discord_id)
        return Person(link.hub_id, link.hub_name) if link else None

    def stop(self) -> None:
        self._completion.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _complete(self, asked: Interaction) -> Choices:
        option, typed = typed_into(asked.data)
        return Choices(await self._completion.models(asked.user_id, typed) if option == "model" else ())

    async def _take(self, asked: Interaction, words: tuple[str, ...]) -> Deferral:
        """Keep it on disk, and only then say so."""
        is_public, is_linked = await asyncio.gather(
            self._soon(lambda: self._visibility.may_speak_of(words, asked)),
            self._soon(lambda: self._ctx.discord_links.of(asked.user_id) is not None),
        )
        event = InteractionAsked(
            interaction_id=asked.id,
            user_id=asked.user_id,
            user_name=asked.user_name,
            guild_id=asked.guild_id,
            channel_id=asked.channel_id,
            words=words,
            is_public=is_public,
            is_ephemeral=not (is_public and is_linked),
            answer=base64.b64encode(self._ctx.vault.seal(asked.token, asked.id)).decode(),
        )
        await self._intake.take(event)
        log.info("interaction taken", extra=fields(delivery=event.key, verb=words[0]))
        return Deferral(event.key, event.is_ephemeral)

    async def _soon(self, look: Callable[[], bool]) -> bool:
        """False where it takes too long to find out."""
        looking = asyncio.wrap_future(self._pool.submit(look))
        try:
            return await asyncio.wait_for(looking, BUDGET)
        except TimeoutError:
            return False
