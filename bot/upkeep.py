"""The clock as an entrance: every few seconds, look for deliveries and runs whose time has come.

This is the guarantee. Whatever was lost between a row and its effect (a crash, a full queue, a Hub that was
down) is found here, because the row says when to look.
"""

import logging
import threading
from collections.abc import Callable

from bot.catching_up import away_since, catch_up, still_alive
from bot.context import Context
from bot.domain.errors import HubUnavailable
from bot.log import fields
from bot.runs.glance import glance

log = logging.getLogger(__name__)

FORGET_EVERY = 3600.0
ALIVE_EVERY = 5.0
WORKFLOW = 24 * 3600.0
"""How long the engine's rows of finished work are kept."""


class Upkeep:
    def __init__(self, ctx: Context, seconds: float, begin: Callable[[str], None]) -> None:
        """`begin` has a delivery handled."""
        self._ctx = ctx
        self._seconds = seconds
        self._begin = begin
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"upkeep {number}", daemon=True)
            for number, work in enumerate((self._run, self._catch_up_and_live))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        forgotten_at = float("-inf")
        while not self._stop.is_set():
            try:
                look_around(self._ctx, self._begin)
                if self._ctx.clock() - forgotten_at > FORGET_EVERY:
                    self._ctx.retention.forget_the_old(self._ctx.clock())
                    self._ctx.engine.forget_before(self._ctx.clock() - WORKFLOW)
                    forgotten_at = self._ctx.clock()
            except Exception:
                log.exception("upkeep failed; it comes again")
            self._stop.wait(self._seconds)

    def _catch_up_and_live(self) -> None:
        """Beside the rest, because it takes as long as the Hub does. Until then the bot counts as away."""
        away = away_since(self._ctx)
        while not self._stop.is_set():
            pause = max(self._seconds, ALIVE_EVERY)
            try:
                if away is not None and self._ctx.clock() >= away.look_at:
                    away = catch_up(self._ctx, away)
                if away is None or not away.is_first:
                    still_alive(self._ctx)
            except HubUnavailable as trouble:
                log.warning("can't catch up yet", extra=fields(problem=str(trouble)))
                pause = max(pause, trouble.retry_after or 0)
            except Exception:
                log.exception("catching up failed; it comes again")
            self._stop.wait(pause)


def look_around(ctx: Context, begin: Callable[[str], None]) -> None:
    """Have everything done that is due."""
    now = ctx.clock()
    for key in ctx.deliveries.due(now):
        begin(key)
    while not ctx.engine.is_busy and glance(ctx):
        pass
    for watch_id in ctx.watches.due(now):
        ctx.engine.look(watch_id)
