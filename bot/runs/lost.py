"""A run that its message still speaks of, and nothing else of ours any more: said once, in that message."""

import logging

from bot.context import Context
from bot.domain import messages_away
from bot.domain.living_message import answer_mark
from bot.domain.models import Run, RunState
from bot.log import fields
from bot.store.moments import Moment
from bot.threads.base import Thread

log = logging.getLogger(__name__)


def end_lost(thread: Thread, run_id: str, message_id: str, ctx: Context) -> None:
    """The message says so first: after a crash between the two, it is found without an answer again."""
    log.warning("a run is lost", extra=fields(run=run_id))
    thread.edit(message_id, messages_away.lost_run(run_id, ctx.links))
    if thread.find(answer_mark(run_id)) is None:
        thread.post(messages_away.lost_answer(run_id))


def was_lost(run: Run, ctx: Context) -> bool:
    """Whether this run, whose message was there before it, is one that we knew once."""
    since = ctx.moments.get(Moment.LOST) or ctx.moments.get(Moment.COPIED)
    waits = run.state is RunState.WAITING_FOR_SIGN_IN and run.problem is None
    return waits and since is not None and run.created_at >= since
