"""Admit a build: join the same one, refuse one too many, wait for a sign-in, or queue it."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone, UserError
from bot.domain.models import Requester, Run, RunState, ThreadRef, run_id_for, space_name_for
from bot.hub.models import Model, read_model


def admit(ctx: Context, *, delivery_key: str, requester: Requester, thread: ThreadRef, model_id: str) -> None:
    """Create the run and have it looked at. UserError with the sentence for everyone who can't have one."""
    connected = ctx.accounts.is_connected(requester.id)
    model = visible_model(ctx, requester, model_id) if connected else None
    run = Run(
        id=run_id_for(delivery_key),
        requester=requester,
        thread=thread,
        model_id=model.id if model else model_id,
        sha=model.sha if model else None,
        # Until the model was seen with the requester's own eyes, nobody else may see the run.
        is_private=model.is_private if model else True,
        target_space=f"{requester.name}/{space_name_for(model_id)}",
        state=RunState.QUEUED if connected else RunState.WAITING_FOR_SIGN_IN,
        created_at=ctx.clock(),
    )
    clashes = ctx.runs.admit(run, ctx.limits.open_runs_each).refused_for
    if clashes:
        raise _refusal(ctx, run, list(clashes))
    ctx.look_at(run.id)


def visible_model(ctx: Context, requester: Requester, model_id: str) -> Model:
    """The model as the requester sees it now. UserError if they can't, or must sign in again."""
    try:
        model = read_model(ctx.accounts.hub_of(requester.id), model_id)
    except TokenGone:
        raise UserError("E_TOKEN", messages.reconnect(ctx.links)) from None
    except HubError as error:
        if error.status in {401, 403, 404}:
            raise UserError("E_ACCESS", messages.not_visible()) from None
        raise
    if len(model.sha) != 40:
        raise UserError("E_TASK", messages.empty_model())
    return model


def _refusal(ctx: Context, run: Run, clashes: list[Run]) -> UserError:
    same = [other for other in clashes if (other.model_id, other.sha) == (run.model_id, run.sha)]
    if same and same[0].state is RunState.WAITING_FOR_SIGN_IN:
        return UserError("I_WAITING", messages.already_waiting(same[0].id, ctx.links))
    if same:
        return UserError("I_ATTACH", messages.already_building(same[0].id, ctx.links))
    return UserError("E_RATE", messages.too_many(clashes, ctx.limits.open_runs_each, ctx.links))
