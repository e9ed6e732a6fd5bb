"""The living message: posted once, edited in place when there is news, posted again if someone deleted it."""

from bot.context import Context
from bot.domain import living_message, messages_away
from bot.domain.models import Notify, Run, RunState
from bot.domain.snapshot import Snapshot
from bot.first_hand import Seen
from bot.runs.doubles import say_once
from bot.runs.lost import was_lost


def is_unannounced(view: Snapshot, _ctx: Context) -> bool:
    """Whoever wants outcomes only hears at the end; but what they have to do first is always said."""
    run = view.run
    wanted = run.wishes.notify is Notify.ALL or run.state is RunState.WAITING_FOR_SIGN_IN
    return run.message_id is None and wanted


def announce(view: Snapshot, ctx: Context) -> Run:
    thread = ctx.thread(view.run.thread)
    is_new = ctx.first_hand.relies_on(view.run.id, Seen.NO_MESSAGE)
    found = None if is_new else thread.find(living_message.living_mark(view.run.id))
    if found:
        # A crash came between posting and remembering; what it shows now is not known, so it is outdated.
        lost = {"problem": messages_away.lost_connection()} if was_lost(view.run, ctx) else {}
        return view.run.model_copy(update={"message_id": found, "shown": "", **lost})
    posted = say_once(thread, _words(view, ctx), living_message.living_mark(view.run.id), ctx)
    return _shown(view, ctx, posted)


def is_outdated(view: Snapshot, ctx: Context) -> bool:
    """The message says something old, and enough time has passed to edit it again."""
    is_there = view.run.message_id is not None
    return is_there and view.run.shown != view.digest and ctx.clock() >= next_edit(view, ctx)


def next_edit(view: Snapshot, ctx: Context) -> float:
    """When the message may be edited next; the end of a run is shown at once."""
    return 0 if view.run.state.is_final else view.run.shown_at + ctx.limits.edit_seconds


def show(view: Snapshot, ctx: Context) -> Run:
    assert view.run.message_id is not None
    thread = ctx.thread(view.run.thread)
    words = _words(view, ctx)
    ctx.lease()
    if not thread.edit(view.run.message_id, words):
        return view.run.model_copy(update={"message_id": None})
    return _shown(view, ctx, view.run.message_id)


def _words(view: Snapshot, ctx: Context) -> str:
    """With a sign-in link of the requester's own, and in time before their connection ends."""
    ends_at = ctx.accounts.ends_soon(view.run.requester.id)
    said = living_message.living(view, ctx.links, ends_at)
    return ctx.invitations.personal(said, view.run.requester)


def _shown(view: Snapshot, ctx: Context, message_id: str) -> Run:
    return view.run.model_copy(
        update={"message_id": message_id, "shown": view.digest, "shown_at": ctx.clock()}
    )
