"""Which run a command is about: the one it names, else the latest here."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import ChannelRef, Run
from bot.domain.parser import Command
from handlers.asked import Asked


def run_of(command: Command, asked: Asked, ctx: Context) -> Run:
    """The named run if this person may see it, else the latest of theirs here, else the latest here.

    Raises UserError when there is none.
    """
    if command.target:
        run = ctx.runs.get(command.target)
        if run is None or (run.is_private and run.requester.id != asked.requester.id):
            raise UserError("E_RUN", messages.no_such_run())
        return run
    found = _latest(asked, ctx)
    if found is None or (found.is_private and found.requester.id != asked.requester.id):
        raise UserError("I_NONE", messages.nothing_here())
    return found


def _latest(asked: Asked, ctx: Context) -> Run | None:
    """On Discord it is one's own first, wherever it was asked for: answers are for one's own eyes there."""
    if not isinstance(asked.thread, ChannelRef):
        return ctx.runs.latest_of(asked.requester.id, asked.thread) or ctx.runs.latest_in(asked.thread)
    channel = asked.thread.model_copy(update={"is_private": False})
    return ctx.runs.latest_by(asked.requester.id) or ctx.runs.latest_in(channel)


def own_run_of(command: Command, asked: Asked, ctx: Context) -> Run:
    """Likewise, and UserError unless it is this person's."""
    run = run_of(command, asked, ctx)
    if run.requester.id != asked.requester.id:
        raise UserError("E_ROLE", messages.not_your_run(command.row.name, run.requester.name))
    return run
