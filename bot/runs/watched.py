"""A watch whose builds keep failing pauses itself, and the last of them says so."""

from bot.context import Context
from bot.domain import messages_watching
from bot.domain.models import Run, RunState
from bot.domain.watching import Paused

FAILURES = 3
FAILED = frozenset({RunState.FAILED, RunState.ERRORED})
COUNTED = FAILED | {RunState.SUCCEEDED}
"""A run that was stopped or replaced says nothing about the model."""


def pauses_its_watch(run: Run, ctx: Context) -> str | None:
    """The sentence, if this run is the last of so many failures in a row."""
    watch = ctx.watches.get(run.watch_id) if run.watch_id else None
    if watch is None:
        return None
    since = [each for each in ctx.runs.of_watch(watch.id) if each.created_at >= watch.since]
    last = [each for each in since if each.state in COUNTED][:FAILURES]
    if len(last) < FAILURES or last[0].id != run.id or any(each.state not in FAILED for each in last):
        return None
    ctx.watches.pause(watch.id, Paused.FAILURES)
    return messages_watching.paused_after_failures(FAILURES)
