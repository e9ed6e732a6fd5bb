"""Many runs at a glance: those that need nothing get their next time, many to one commit; the others a tick.

A glance reads rows and compares, as a tick does, and has no effect outside. So it takes no claim: a row that
somebody changed or asked for meanwhile keeps its time, and is found again.
"""

from bot.context import Context
from bot.domain.snapshot import snapshot_of
from bot.runs.advance import next_step, next_time
from bot.store.claims import PutOff

AT_ONCE = 100
HANDED_ON = 10.0
"""Seconds after which a run is found again whose tick was not begun."""


def glance(ctx: Context, at_once: int = AT_ONCE) -> bool:
    """Look at runs whose time has come, so many at most. Whether there may be more."""
    now = ctx.clock()
    due = ctx.runs.due(now, at_once)
    events = ctx.run_events.of_each([each.run.id for each in due])
    put_off, needy = [], []
    for each in due:
        view = snapshot_of(each.run, events[each.run.id])
        needs_tick = next_step(view, ctx) is not None
        at = now + HANDED_ON if needs_tick else next_time(view, ctx)
        put_off.append(PutOff(each.run.id, each.run.version, each.asked, at))
        needy += [each.run.id] if needs_tick else []
    ctx.claims.put_off(put_off, now)
    for run_id in needy:
        ctx.engine.look_after(run_id)
    return len(due) == at_once
