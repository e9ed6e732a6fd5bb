"""A run that waits for its requester to sign in: it goes on by itself, or expires."""

from bot.context import Context
from bot.domain.errors import UserError
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.runs.admit import visible_model
from bot.runs.cost import within_budget


def is_too_late(view: Snapshot, ctx: Context) -> bool:
    waited = ctx.clock() - view.run.created_at
    return _waits(view.run) and waited > ctx.limits.sign_in_seconds


def expire(view: Snapshot, ctx: Context) -> Run:
    return view.run.model_copy(update={"state": RunState.EXPIRED, "ended_at": ctx.clock()})


def is_connected_now(view: Snapshot, ctx: Context) -> bool:
    return _waits(view.run) and ctx.accounts.is_connected(view.run.requester.id)


def resume(view: Snapshot, ctx: Context) -> Run:
    """Look at the model with the requester's eyes, which could not be done before."""
    run = view.run
    try:
        within_budget(run, ctx)
        seen = _seen(run, ctx) if run.model_id else {}
    except UserError as error:
        return run.model_copy(
            update={"state": RunState.ERRORED, "problem": str(error), "ended_at": ctx.clock()}
        )
    return run.model_copy(update={**seen, "state": RunState.QUEUED})


def _seen(run: Run, ctx: Context) -> dict[str, object]:
    model = visible_model(ctx, run.requester, run.model_id, run.wishes.rev)
    return {"model_id": model.id, "sha": model.sha, "is_private": model.is_private}


def _waits(run: Run) -> bool:
    return run.state is RunState.WAITING_FOR_SIGN_IN
