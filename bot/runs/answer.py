"""The final answer: one short new message, so that the requester is notified."""

from bot.context import Context
from bot.domain import living_message
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.first_hand import Seen
from bot.runs.doubles import say_once
from bot.runs.recheck import newer_version
from bot.runs.watched import pauses_its_watch


def is_unanswered(view: Snapshot, _ctx: Context) -> bool:
    return view.run.state.is_final and view.run.answer_id is None


def answer(view: Snapshot, ctx: Context) -> Run:
    run = view.run
    paused = pauses_its_watch(run, ctx)
    thread = ctx.thread(run.thread)
    is_new = ctx.first_hand.relies_on(run.id, Seen.NO_ANSWER)
    found = None if is_new else thread.find(living_message.answer_mark(run.id))
    newer = newer_version(run, ctx) if run.state is RunState.SUCCEEDED else None
    said = living_message.answer(run, ctx.links, newer) + (f"\n\n{paused}" if paused else "")
    said = ctx.invitations.personal(said, run.requester)
    posted = found or say_once(thread, said, living_message.answer_mark(run.id), ctx)
    return run.model_copy(update={"answer_id": posted})
