"""The durable engine: the only file that knows DBOS.

It carries two kinds of short, repeatable work: deliver a delivery, tick a run. Started twice they take effect
once, because each claims its row; what a crash interrupted is started again at the next launch. Ids only, and
no secret, ever enter it.
"""

import logging
from collections.abc import Callable

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine as Database

log = logging.getLogger(__name__)

Work = Callable[[str], None]
_work: dict[str, Work] = {}


class Engine:
    """One per process: DBOS keeps its own global state."""

    def __init__(self, database: Database, executor_id: str) -> None:
        config: DBOSConfig = {
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
        DBOS(config=config)

    def start(self, *, deliver: Work, tick: Work) -> None:
        """Begin to work, with what was interrupted first."""
        _work.update(deliver=deliver, tick=tick)
        DBOS.launch()

    def deliver(self, key: str) -> None:
        """Have a delivery handled."""
        DBOS.start_workflow(_deliver, key)

    def tick(self, run_id: str) -> None:
        """Have a run looked at."""
        DBOS.start_workflow(_tick, run_id)

    def stop(self, wait_seconds: int = 10) -> None:
        """Let the work under way end, then stop; what did not end is started again at the next launch."""
        DBOS.destroy(workflow_completion_timeout_sec=wait_seconds)


@DBOS.workflow(name="deliver")
def _deliver(key: str) -> None:
    _work["deliver"](key)


@DBOS.workflow(name="tick")
def _tick(run_id: str) -> None:
    _work["tick"](run_id)
