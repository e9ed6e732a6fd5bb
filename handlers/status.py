"""`status`: how the latest build in this thread is going."""

from bot.context import Context
from bot.domain import messages
from bot.domain.snapshot import snapshot_of
from handlers.asked import Asked


def sentence(asked: Asked, ctx: Context) -> str:
    run = ctx.runs.latest_in(asked.thread)
    if run is None:
        return messages.nothing_here()
    return messages.status(snapshot_of(run, ctx.run_events.of(run.id)), ctx.links)
