"""A watched model changed: it is looked at once the burst is over, of which this may be the first word."""

from bot.context import Context
from bot.domain.events import ModelChanged


def handle(event: ModelChanged, ctx: Context) -> None:
    for watch in ctx.watches.of(event.watcher_id):
        if event.repo_id == watch.repo_id or event.repo == watch.model_id:
            ctx.watches.ask(watch.id, ctx.clock() + ctx.limits.burst_seconds)
