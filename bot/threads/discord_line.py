"""The line to Discord: one discord.py client on a thread of its own, for the gateway and for every call.

Whoever calls is on another thread and repeatable; when Discord is away the call says so and comes back later.
Where no line is started discord.py is not imported: that would be a tenth of the bot's memory, for nothing.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.errors import DiscordUnavailable
from bot.log import fields

if TYPE_CHECKING:
    import discord

    from bot.threads.discord_client import Client, Hear, SetUp

log = logging.getLogger(__name__)

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0


class DiscordLine:
    """`listens` is off where interactions come over HTTP only: then nothing but calls go through here. A call
    may take so many seconds, with all that discord.py repeats and waits for by itself."""

    def __init__(self, api: str, token: str, *, listens: bool, seconds: float) -> None:
        self._api = api
        self._token = token
        self._seconds = seconds
        self._listens = listens
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def start(self, hear: Hear, set_up: SetUp) -> None:
        """Returns at once; the connection is made, and made again, in the background."""
        from bot.threads.discord_client import Client

        started = threading.Event()

        async def stay() -> None:
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            started.set()
            await self._stay(partial(Client, self._api, hear, set_up, self._seconds))

        self._thread = threading.Thread(target=lambda: asyncio.run(stay()), name="discord", daemon=True)
        self._thread.start()
        started.wait()

    def listen(self, on: bool, hear: Hear, set_up: SetUp) -> None:  # a switch
        """Connect anew, with or without hearing what happens. Calls that fall in between are tried again."""
        self.stop()
        self._listens = on
        self.start(hear, set_up)

    @property
    def is_there(self) -> bool | None:
        """Whether Discord can be spoken to now; None for a bot that is not on Discord."""
        return None if self._thread is None else self._client is not None

    def stop(self) -> None:
        if self._loop and self._stop and self._thread:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def do(self, work: Callable[[discord.Client], Coroutine[Any, Any, T]]) -> T:
        """What the work returns. DiscordUnavailable if Discord is away; its refusals as they are."""
        client, loop = self._client, self._loop
        if client is None or loop is None or not loop.is_running():
            raise DiscordUnavailable("not connected to Discord")
        call = asyncio.run_coroutine_threadsafe(work(client), loop)
        try:
            return call.result(self._seconds)
        except client.passing as trouble:
            call.cancel()
            raise client.in_our_words(trouble) from None

    async def _stay(self, new_client: Callable[[], Client]) -> None:
        """Connected until told to stop, whatever happens in between."""
        assert self._stop
        ending = asyncio.create_task(self._stop.wait())
        wait = FIRST_WAIT
        while not ending.done():
            client = new_client()
            living = asyncio.create_task(self._live(client))
            await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
            self._client, was_in = None, client.is_ready()
            if living.done():
                log.warning("discord is away", extra=fields(problem=type(living.exception()).__name__))
            living.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await living
            await client.close()
            wait = FIRST_WAIT if was_in else min(wait * 2, LONGEST_WAIT)
            await asyncio.wait({ending}, timeout=wait)

    async def _live(self, client: Client) -> None:
        async with client:
            await client.login(self._token)
            self._client = client
            if self._listens:
                await client.connect()
            else:
                await asyncio.Event().wait()
