"""A run that waits for its requester to sign in, or to allow more: it goes on by itself, or expires."""

from bot.context import Context
from bot.domain import messages_account
from bot.domain.commands import JOB
from bot.domain.errors import UserError
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.runs.admit import not_granted, same_model, visible_model
from bot.runs.cost import within_budget
from bot.runs.denied import Denied, refuse_denied
from bot.runs.launch import ended_at


def is_too_late(view: Snapshot, ctx: Context) -> bool:
    waited = ctx.clock() - view.run.created_at
    return _waits(view.run) and waited > ctx.limits.sign_in_seconds


def expire(view: Snapshot, ctx: Context) -> Run:
    changed = {"state": RunState.EXPIRED, "problem": None, "ended_at": ctx.clock()}
    return view.run.model_copy(update=changed)


def is_connected_now(view: Snapshot, ctx: Context) -> bool:
    granted = ctx.accounts.scopes_of(view.run.requester.id) if _waits(view.run) else None
    return granted is not None and granted.issuperset((*JOB, *view.run.needs))


def resume(view: Snapshot, ctx: Context) -> Run:
    """Look at the model with the requester's eyes, which could not be done before."""
    run = view.run
    try:
        refuse_denied(ctx, (Denied.USER, run.requester.id), (Denied.REPO, run.model_id))
        within_budget(run, ctx)
        seen = _seen(run, ctx) if run.model_id and not run.app else {}
    except UserError as error:
        if error.code == "E_TOKEN":  # it has ended again: the run waits on
            return run.model_copy(update={"problem": messages_account.connection_ended(ended_at(run, ctx))})
        return run.model_copy(
            update={"state": RunState.ERRORED, "problem": str(error), "ended_at": ctx.clock()}
        )
    return run.model_copy(update={"state": RunState.QUEUED, "needs": (), "problem": None, **seen})


def _seen(run: Run, ctx: Context) -> dict[str, object]:
    """What the model is; a gated one may take one more permission, and then the run waits on."""
    model = visible_model(ctx, run.requester, run.model_id, run.wishes.rev)
    same_model(model, run.model_repo)
    seen: dict[str, object] = {
        "model_id": model.id,
        "sha": model.sha,
        "is_private": model.is_private,
        "model_repo": model.repo,
    }
    if needs := not_granted(ctx, run.requester, JOB, model):
        seen |= {"state": RunState.WAITING_FOR_SIGN_IN, "needs": needs}
    return seen


def _waits(run: Run) -> bool:
    return run.state is RunState.WAITING_FOR_SIGN_IN
