"""`status`: how the latest run in this thread is going."""

from bot.context import Context
from bot.domain import living_message
from bot.domain.parser import Command
from bot.domain.snapshot import snapshot_of
from handlers.asked import Asked, Outcome
from handlers.which_run import run_of


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    run = run_of(command, asked, ctx)
    view = snapshot_of(run, ctx.run_events.of(run.id))
    return Outcome(living_message.status(view, ctx.links), run_id=run.id)
