"""The clock as an entrance: every few seconds, look for deliveries and runs whose time has come.

This is the guarantee. Whatever was lost between a row and its effect (a crash, a full queue, a Hub that was
down) is found here, because the row says when to look.
"""

import logging
import threading

from bot.context import Context

log = logging.getLogger(__name__)

KEEP_DECISIONS = 90 * 24 * 3600.0
FORGET_EVERY = 3600.0


class Upkeep:
    def __init__(self, ctx: Context, seconds: float) -> None:
        self._ctx = ctx
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        forgotten_at = float("-inf")
        while not self._stop.is_set():
            try:
                look_around(self._ctx)
                if self._ctx.clock() - forgotten_at > FORGET_EVERY:
                    forget_the_old(self._ctx)
                    forgotten_at = self._ctx.clock()
            except Exception:
                log.exception("upkeep failed; it comes again")
            self._stop.wait(self._seconds)


def forget_the_old(ctx: Context) -> None:
    """What was decided is kept for 90 days."""
    ctx.decisions.forget_before(ctx.clock() - KEEP_DECISIONS)


def look_around(ctx: Context) -> None:
    """Have everything done that is due."""
    now = ctx.clock()
    for key in ctx.deliveries.due(now):
        ctx.engine.deliver(key)
    for run_id in ctx.claims.due(now):
        ctx.engine.tick(run_id)
