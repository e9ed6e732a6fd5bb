"""What a process that was held up did all the same, between its check and its effect, is undone.

The check just before an effect makes that moment short; nothing can make it none.
"""

import logging
import time

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, LeaseLost, TokenGone
from bot.domain.models import Run
from bot.log import fields
from bot.runs.launch import jobs_of
from bot.threads.base import Thread

log = logging.getLogger(__name__)

WAITS = (1.0, 5.0, 25.0)
"""Seconds between the attempts to take a message back: nobody else knows of it."""


def say_once(thread: Thread, text: str, mark: str, ctx: Context) -> str:
    """Post it if the run is still ours. If it was lost meanwhile, another may have said it: one stays."""
    ctx.lease()
    posted = thread.post(text)
    try:
        ctx.lease()
    except LeaseLost:
        _take_back(thread, posted, mark)
        raise
    return posted


def _take_back(thread: Thread, posted: str, mark: str) -> None:
    for wait in WAITS:
        try:
            if thread.find(mark, but=posted):
                thread.remove(posted)
        except (HubError, HubUnavailable, TokenGone):
            time.sleep(wait)
        else:
            return
    log.error("said twice, and one could not be taken back", extra=fields(message=posted))


def stop_newer_jobs(run: Run, ctx: Context) -> None:
    """A Job that we don't know reports for this run: the oldest with its label stays."""
    log.warning("an unknown Job reports", extra=fields(run=run.id))
    with jobs_of(run, ctx) as jobs:
        jobs.keep_oldest(run.id)
