"""Several processes on one PostgreSQL: each shows that it lives, and takes over from one that no longer does.

A process that was frozen may come back after others took over. It cannot be stopped from here: its claims are
compared just before each effect (`ctx.lease`), and what slipped through is repaired (`runs/doubles.py`).
"""

import logging
import threading
import time
from collections.abc import Callable

from bot.context import Context
from bot.log import fields

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
LEASE_SECONDS = 8.0
"""So long nobody else touches what a process holds; then its runs move on."""
ALIVE = "replica:"
LISTENER = "discord"
"""Discord sends each event to every connection: one process listens."""

Listen = Callable[[bool], None]


class Replicas:
    """The beat of this process, on a thread of its own."""

    def __init__(self, ctx: Context, listen: Listen) -> None:
        self._ctx, self._leases, self._name, self._listen = ctx, ctx.leases, ctx.replica, listen
        self._listens = False
        self._confirmed_at = time.monotonic()
        self._leaving, self._stop = threading.Event(), threading.Event()
        self._switch = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="replicas", daemon=True)

    def appear(self) -> None:
        """Before any work begins: should this process die in the middle of it, others see that."""
        self._leases.take(ALIVE + self._name, self._name, LEASE_SECONDS)

    def start(self) -> None:
        self._thread.start()

    def step_down(self) -> None:
        """Before the end: hear no more, so that another listens at once. Work under way is still ours."""
        self._leaving.set()
        self._hear(on=False)
        self._leases.give_back(LISTENER, self._name)

    def leave(self) -> None:
        """After the last work: what is left is anybody's, and nobody has to wait for a lease to run out."""
        self._stop.set()
        self._thread.join()
        self._ctx.deliveries.free_of(self._name)
        self._ctx.claims.free_of(self._name)
        self._leases.give_back(ALIVE + self._name, self._name)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._beat()
            except Exception:
                log.exception("no beat; it comes again")
            if time.monotonic() - self._confirmed_at > LEASE_SECONDS:
                self._hear(on=False)
            self._stop.wait(BEAT_SECONDS)

    def _beat(self) -> None:
        began = time.monotonic()
        self._leases.take(ALIVE + self._name, self._name, LEASE_SECONDS)
        leads = not self._leaving.is_set() and self._leases.take(LISTENER, self._name, LEASE_SECONDS)
        self._confirmed_at = began
        self._hear(on=leads)
        for name in self._leases.ran_out(ALIVE):
            self._take_over(name)

    def _hear(self, *, on: bool) -> None:
        with self._switch:
            if on != self._listens and not (on and self._leaving.is_set()):
                self._listens = on
                self._listen(on)

    def _take_over(self, name: str) -> None:
        """Nobody has its deliveries and runs in hand any more: upkeep finds them due at once."""
        dead = name.removeprefix(ALIVE)
        log.warning("takes over from a process that is gone", extra=fields(replica=dead))
        self._ctx.deliveries.free_of(dead)
        self._ctx.claims.free_of(dead)
        self._ctx.engine.forget_work_of(dead)
        self._leases.forget(name)
