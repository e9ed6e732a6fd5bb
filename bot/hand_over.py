"""Begin the work on what was taken once nobody waits for an answer."""

import logging
import queue
import threading
import time
from collections.abc import Callable

from bot.intake import Intake
from bot.log import fields

log = logging.getLogger(__name__)

CALM = 0.01
LONGEST_WAIT = 0.05


class HandOver:
    """Begins the work on what was taken, one after another, once nobody waits for an answer.

    Work takes the processor from the answers, and whoever is answered late sends again. While deliveries come
    without a pause it goes on all the same, slowly.
    """

    def __init__(self, intake: Intake, begin: Callable[[str], None]) -> None:
        self._intake = intake
        self._begin = begin
        self._is_stopping = False
        self._waiting: set[str] = set()
        self._keys: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._begin_forever, name="hand-over", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is left is begun by the next start."""
        self._is_stopping = True
        self._keys.put(None)
        self._thread.join()

    def take(self, key: str) -> None:
        """What waits here already waits once."""
        if key not in self._waiting:
            self._waiting.add(key)
            self._keys.put(key)

    def _begin_forever(self) -> None:
        while (key := self._keys.get()) is not None and not self._is_stopping:
            self._wait_for_calm()
            self._waiting.discard(key)
            log.info("delivery begun", extra=fields(delivery=key))
            try:
                self._begin(key)
            except Exception:
                log.exception("could not begin; upkeep does", extra=fields(delivery=key))

    def _wait_for_calm(self) -> None:
        deadline = time.monotonic() + LONGEST_WAIT
        while (calm := self._intake.calm) < CALM and time.monotonic() < deadline:
            time.sleep(CALM - calm)
