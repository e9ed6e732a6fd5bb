"""The final answer: one short new message, so that the requester is notified."""

from bot.context import Context
from bot.domain import living_message
from bot.domain.models import Run
from bot.domain.snapshot import Snapshot


def is_unanswered(view: Snapshot, _ctx: Context) -> bool:
    return view.run.state.is_final and view.run.answer_id is None


def answer(view: Snapshot, ctx: Context) -> Run:
    thread = ctx.thread(view.run.thread)
    found = thread.find(living_message.answer_mark(view.run.id))
    posted = found or thread.post(living_message.answer(view.run, ctx.links))
    return view.run.model_copy(update={"answer_id": posted})
