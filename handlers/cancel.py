"""`cancel`: stop a run. Its requester may, and in its own thread whoever may write to the repo."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome
from handlers.owner import is_writer
from handlers.which_run import run_of


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    run = run_of(command, asked, ctx)
    is_here = isinstance(asked.thread, DiscussionRef) and run.thread == asked.thread
    if run.requester.id != asked.requester.id and not (is_here and is_writer(asked, ctx)):
        raise UserError("E_ROLE", messages.not_your_run("cancel", run.requester.name))
    if run.state.is_final:
        raise UserError("E_RUN", messages.already_over(run, ctx.links))
    ctx.runs.cancel(run.id, asked.requester.name)
    ctx.look_at(run.id)
    return Outcome(messages.cancelling(run, ctx.links), run_id=run.id)
