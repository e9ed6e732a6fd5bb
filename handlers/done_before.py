"""What was asked before this database knew of it: our words in the thread say whether it was done."""

from bot.context import Context
from bot.domain.living_message import answer_mark, living_mark
from bot.domain.messages import reply_mark
from bot.domain.models import run_id_for
from bot.runs.lost import end_lost
from handlers.asked import Asked


def is_answered(asked: Asked, ctx: Context, *, is_run: bool) -> bool:
    """Whether we have answered this here, and know nothing of it: doing it now would be doing it twice."""
    run_id = run_id_for(asked.delivery_key)
    marks = [reply_mark(asked.decision_id), *([answer_mark(run_id)] if is_run else [])]
    is_known = ctx.decisions.get(asked.decision_id) or (is_run and ctx.runs.get(run_id))
    return not is_known and _says(asked, marks)


def ends_as_lost(asked: Asked, ctx: Context) -> bool:
    """A run of ours that can't be begun anew, as the retry of one that is lost too: its message says so."""
    run_id = run_id_for(asked.delivery_key)
    mark = living_mark(run_id)
    if ctx.runs.get(run_id) or not _says(asked, [mark]):
        return False
    thread = ctx.thread(asked.thread)
    if message_id := thread.find(mark):
        end_lost(thread, run_id, message_id, ctx)
    return True


def _says(asked: Asked, marks: list[str]) -> bool:
    return any(mark in said for said in asked.said_before or () for mark in marks)
