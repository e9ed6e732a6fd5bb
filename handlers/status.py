"""`status`: how the latest run in this thread is going; on Discord, one's own last five."""

from bot.context import Context
from bot.domain import living_message, messages_discord
from bot.domain.models import ChannelRef, Run
from bot.domain.parser import Command
from bot.domain.snapshot import snapshot_of
from handlers.asked import Asked, Outcome
from handlers.which_run import run_of

MOST = 5


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    if isinstance(asked.thread, ChannelRef) and not command.target:
        own = ctx.runs.newest_by(asked.requester.id, MOST)
        if len(own) > 1:
            return Outcome(messages_discord.last_runs([_line(run, asked, ctx) for run in own], ctx.links))
    run = run_of(command, asked, ctx)
    return Outcome(_line(run, asked, ctx), run_id=run.id)


def _line(run: Run, asked: Asked, ctx: Context) -> str:
    view = snapshot_of(run, ctx.run_events.of(run.id))
    return living_message.status(view, ctx.links, asked.thread)
