"""The durable engine: the only file that knows DBOS.

It carries three kinds of short, repeatable work: deliver a delivery, tick a run, look at a watch. Started
twice they take effect once, because each claims its row; what a crash interrupted is started again at the
next launch. Ids only, and no secret, ever enter it. What waits here already to be begun is not begun twice.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine as Database

from bot.under_way import UnderWay

log = logging.getLogger(__name__)

FORGOTTEN_AT_ONCE = 500
LOOKERS = 8
MOST_WAITING = 200
Work = Callable[[str], None]
_work: dict[str, Work] = {}


class Engine:
    """One per process: DBOS keeps its own global state."""

    def __init__(self, database: Database, executor_id: str) -> None:
        self._config: DBOSConfig = {
            "name": "space-factory",
            "system_database_url": database.url.render_as_string(hide_password=False),
            "system_database_engine": database,
            # Pinned: an unpinned version strands the work of the one before.
            "application_version": "1",
            "executor_id": executor_id,
            # The default serializer stores exceptions with their requests, tokens included.
            "serializer": DBOSPortableJSONSerializer(),
            "max_executor_threads": 16,
            "sys_db_idle_transaction_timeout_sec": 10,
            "log_level": "WARNING",
        }
        self._executor_id = executor_id
        self._lookers = ThreadPoolExecutor(LOOKERS, "looker")

    def start(self, *, deliver: Work, tick: Work, look: Work) -> None:
        """Begin to work, with what was interrupted first."""
        _work.update(deliver=deliver, tick=tick, look=look)
        _under_way.clear()
        DBOS(config=self._config)
        DBOS.launch()

    def deliver(self, key: str) -> None:
        """Have a delivery handled."""
        _under_way.begin("deliver", key, partial(DBOS.start_workflow, _deliver, key))

    def tick(self, run_id: str) -> None:
        """Have a run looked at."""
        _under_way.begin("tick", run_id, partial(DBOS.start_workflow, _tick, run_id))

    def look_after(self, run_id: str) -> None:
        """Likewise, for a clock that comes again anyway: that it was begun is kept nowhere."""
        _under_way.begin("tick", run_id, partial(self._lookers.submit, _do, "tick", run_id))

    def look(self, watch_id: str) -> None:
        """Have a watched model looked at."""
        _under_way.begin("look", watch_id, partial(DBOS.start_workflow, _look, watch_id))

    @property
    def is_busy(self) -> bool:
        """So much waits to be begun that more would only wait."""
        return _under_way.waiting >= MOST_WAITING

    def forget_before(self, moment: float) -> None:
        """Rows of work that ended before then; by itself the engine keeps them for ever."""
        before = datetime.fromtimestamp(moment, UTC).isoformat()
        while old := DBOS.list_workflows(
            completed_before=before, limit=FORGOTTEN_AT_ONCE, load_input=False, load_output=False
        ):
            DBOS.delete_workflows([each.workflow_id for each in old])

    def forget_work_of(self, executor_id: str) -> None:
        """What a process that is gone had begun: its rows are free, so that others begin it anew."""
        while left := DBOS.list_workflows(
            status="PENDING",
            executor_id=executor_id,
            limit=FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        ):
            DBOS.delete_workflows([each.workflow_id for each in left])

    def stop(self, wait_seconds: int = 10) -> None:
        """Let the work under way end, then stop; what did not end is started again at the next launch.

        The engine's own waiting takes a second even where there is nothing to wait for.
        """
        deadline = time.monotonic() + wait_seconds
        self._lookers.shutdown(wait=False, cancel_futures=True)
        while time.monotonic() < deadline and self._has_work():
            time.sleep(0.02)
        DBOS.destroy()

    def _has_work(self) -> bool:
        if _under_way.in_hand > 0:
            return True
        mine = DBOS.list_workflows(
            status="PENDING", executor_id=self._executor_id, limit=1, load_input=False, load_output=False
        )
        return bool(mine)


_under_way = UnderWay()


def _do(kind: str, name: str) -> None:
    _under_way.begun(kind, name)
    try:
        _work[kind](name)
    finally:
        _under_way.ended()


@DBOS.workflow(name="deliver")
def _deliver(key: str) -> None:
    _do("deliver", key)


@DBOS.workflow(name="tick")
def _tick(run_id: str) -> None:
    _do("tick", run_id)


@DBOS.workflow(name="look")
def _look(watch_id: str) -> None:
    _do("look", watch_id)
