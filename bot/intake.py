"""Take a delivery exactly once; dispatch it durably; try again what fails; park what keeps failing.

The row is the promise: it is on disk before the sender gets its 2xx, many rows to one commit. The engine
carries it from there, and upkeep looks at every row that still waits.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.context import Context
from bot.domain.events import Event
from bot.log import fields
from bot.store.deliveries import Deliveries, Delivery

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
TRIES = 6
FIRST_WAIT = 5.0
CLAIM_SECONDS = 120.0

Handler = Callable[[Event, Context], None]
Apology = Callable[[Event, Context], None]
Loop = asyncio.AbstractEventLoop


@dataclass(frozen=True)
class _Group:
    """What came in one turn of a loop, and who waits for it there."""

    loop: Loop
    events: list[Event] = field(default_factory=list)
    waiting: "list[asyncio.Future[None]]" = field(default_factory=list)


class Intake:
    """Group commit: events that arrive while one commit is under way share the next."""

    def __init__(self, deliveries: Deliveries, clock: Callable[[], float]) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._unanswered: set[asyncio.Future[None]] = set()
        self._last_answered = float("-inf")
        """By the monotonic clock."""
        self._open: dict[Loop, _Group] = {}
        """What came in the turn under way, which a loop passes on at its end."""
        self._queue: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._commit_forever, name="intake", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()

    @property
    def calm(self) -> float:
        """Seconds for which nobody has waited for an answer."""
        return 0.0 if self._unanswered else time.monotonic() - self._last_answered

    async def take(self, event: Event) -> None:
        """Returns when the delivery is on disk."""
        loop = asyncio.get_running_loop()
        if (group := self._open.get(loop)) is None:
            group = self._open[loop] = _Group(loop)
            loop.call_soon(self._pass_on, loop)
        done: asyncio.Future[None] = loop.create_future()
        group.events.append(event)
        group.waiting.append(done)
        self._unanswered.add(done)
        try:
            await done
        finally:
            self._unanswered.discard(done)
            self._last_answered = time.monotonic()

    def _pass_on(self, loop: Loop) -> None:
        self._queue.put(self._open.pop(loop))

    def _commit_forever(self) -> None:
        while (first := self._queue.get()) is not None:
            groups = [first]
            while sum(len(each.events) for each in groups) < MOST_AT_ONCE and not self._queue.empty():
                if (another := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                groups.append(another)
            self._commit(groups)

    def _commit(self, groups: list[_Group]) -> None:
        try:
            self._deliveries.put([event for each in groups for event in each.events], self._clock())
            problem = None
        except Exception as error:
            log.exception("deliveries could not be kept")
            problem = error
        for each in groups:
            with suppress(RuntimeError):  # its loop is closed: nobody waits there any more
                each.loop.call_soon_threadsafe(_resolve, each.waiting, problem)


def _resolve(waiting: "list[asyncio.Future[None]]", problem: Exception | None) -> None:
    for done in waiting:
        if done.done():
            continue
        if problem:
            done.set_exception(problem)
        else:
            done.set_result(None)


def deliver(key: str, ctx: Context, handle: Handler, apologise: Apology) -> None:
    """Let one delivery have its effect, if nobody has it in hand. What fails is tried again, then parked."""
    delivery = ctx.deliveries.claim(key, ctx.clock(), CLAIM_SECONDS)
    if delivery is None:
        return
    try:
        handle(delivery.event, ctx)
    except Exception as error:
        log.exception("delivery failed", extra=fields(delivery=key, tries=delivery.tries))
        _try_again(delivery, error, ctx, apologise)
    else:
        ctx.deliveries.done(key)


def _try_again(delivery: Delivery, error: Exception, ctx: Context, apologise: Apology) -> None:
    problem = type(error).__name__
    if delivery.tries + 1 < TRIES:
        ctx.deliveries.later(delivery.key, ctx.clock() + FIRST_WAIT * 2**delivery.tries, problem)
        return
    ctx.deliveries.park(delivery.key, problem)
    try:
        apologise(delivery.event, ctx)
    except Exception:
        log.exception("could not apologise", extra=fields(delivery=delivery.key))
