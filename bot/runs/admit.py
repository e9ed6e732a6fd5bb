"""Admit a request that starts a Job: join the same one, refuse one too many, await a sign-in, or queue it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.errors import HubError, TokenGone, UserError
from bot.domain.models import (
    Requester,
    Run,
    RunState,
    ThreadRef,
    Wishes,
    run_id_for,
    space_name_for,
)
from bot.hub.models import Model, read_model
from bot.runs.cost import cap, within_budget
from bot.runs.denied import Denied, refuse_denied
from worker.contract import Author, Kind, app_of


@dataclass(frozen=True)
class Request:
    """What somebody wants: a model to build or plan, or a Space to validate."""

    delivery_key: str
    requester: Requester
    thread: ThreadRef
    kind: Kind
    wishes: Wishes
    model_id: str = ""
    space_id: str | None = None
    rebuild_of: str | None = None
    watch_id: str | None = None
    scopes: tuple[str, ...] = ()
    """What its requester must have granted."""
    model_repo: str | None = None
    """The Hub's own id of the model's repo, where it has to be the one of an earlier run."""
    seen: Model | UserError | None = None
    """The model, where its requester just looked at it, or why they don't see it."""


def admit(ctx: Context, request: Request, before: Callable[[Context, Run], None] | None = None) -> Run:
    """Create the run and have it looked at; the same delivery again finds it. `before` may refuse it once the
    model was seen. UserError with the sentence for everyone who can't have one."""
    run_id = run_id_for(request.delivery_key)
    if there := ctx.runs.get(run_id):
        return there
    run = foreseen(ctx, request, before)
    clashes = ctx.runs.admit(run, ctx.limits.open_runs_each).refused_for
    if clashes:
        raise _refusal(ctx, run, list(clashes))
    ctx.look_at(run.id)
    return run


def foreseen(ctx: Context, request: Request, before: Callable[[Context, Run], None] | None = None) -> Run:
    """The run as it would be; nothing is kept of it. UserError for everyone who can't have one, whatever else
    they have open."""
    refuse_denied(ctx, (Denied.USER, request.requester.id), (Denied.REPO, request.model_id))
    run = _run(ctx, run_id_for(request.delivery_key), request)
    if run.state is RunState.QUEUED:
        within_budget(run, ctx)
        if before:
            before(ctx, run)
    return run


def visible_model(ctx: Context, requester: Requester, model_id: str, revision: str) -> Model:
    """The model as the requester sees it now. UserError if they can't, or must sign in again."""
    try:
        with ctx.accounts.acting_for(requester.id) as (hub, _):
            model = read_model(hub, model_id, revision)
    except TokenGone:
        ended_at = ctx.accounts.ended_at(requester.id)
        raise UserError("E_TOKEN", messages_account.reconnect(ended_at, ctx.links)) from None
    except HubError as error:
        if error.status in {401, 403, 404}:
            raise UserError("E_ACCESS", messages.not_visible(revision)) from None
        raise
    if len(model.sha) != 40:
        raise UserError("E_TASK", messages.empty_model())
    return model


def same_model(model: Model | None, repo: str | None) -> None:
    """UserError if the name has become another model's."""
    if model and repo and model.repo != repo:
        raise UserError("E_ACCESS", messages.another_model())


def not_granted(
    ctx: Context, requester: Requester, scopes: Sequence[str], model: Model | None
) -> tuple[str, ...] | None:
    """Which of these, and of those that this model takes, the requester has yet to grant; None if they are
    not connected."""
    granted = ctx.accounts.scopes_of(requester.id)
    wanted = [*scopes, *(("gated-repos",) if model and model.is_gated else ())]
    return None if granted is None else tuple(scope for scope in wanted if scope not in granted)


def _run(ctx: Context, run_id: str, request: Request) -> Run:
    scopes = [*request.scopes, *(("inference-api",) if request.wishes.author is not Author.NONE else ())]
    needs = not_granted(ctx, request.requester, scopes, None)
    model = None
    wishes = request.wishes.model_copy(update={"budget": cap(request.wishes, request.requester, ctx)})
    app = app_of(request.model_id)
    if needs is not None and request.model_id and not app:
        try:
            model = _seen(ctx, request)
        except UserError as error:
            if error.code != "E_TOKEN":
                raise
        same_model(model, request.model_repo)
        # Their connection may have ended just now: then the run waits for a new one.
        needs = not_granted(ctx, request.requester, scopes, model)
    ended_at = ctx.accounts.ended_at(request.requester.id) if needs is None else None
    owner = wishes.org or request.requester.name
    wished = f"{owner}/{wishes.name or space_name_for(request.model_id)}"
    return Run(
        id=run_id,
        requester=request.requester,
        thread=request.thread,
        kind=request.kind,
        wishes=wishes,
        model_id=model.id if model else request.model_id,
        sha=model.sha if model else None,
        # Until the model was seen with the requester's own eyes, nobody else may see the run.
        is_private=model.is_private if model else app is None,
        target_space=request.space_id or request.rebuild_of or wished,
        rebuild_of=request.rebuild_of,
        watch_id=request.watch_id,
        state=RunState.QUEUED if needs == () else RunState.WAITING_FOR_SIGN_IN,
        needs=needs or (),
        problem=messages_account.connection_ended(ended_at) if ended_at else None,
        model_repo=model.repo if model else request.model_repo,
        created_at=ctx.clock(),
    )


def _seen(ctx: Context, request: Request) -> Model:
    match request.seen:
        case UserError() as refused:
            raise refused
        case Model() as seen:
            return seen
        case None:
            return visible_model(ctx, request.requester, request.model_id, request.wishes.rev)


def _refusal(ctx: Context, run: Run, clashes: list[Run]) -> UserError:
    same = [other for other in clashes if other.is_same_as(run)]
    if same and same[0].state is RunState.WAITING_FOR_SIGN_IN:
        return UserError("I_WAITING", messages.already_waiting(same[0], ctx.links), same[0].id)
    if same:
        return UserError("I_ATTACH", messages.already_building(same[0].id, ctx.links), same[0].id)
    return UserError("E_RATE", messages.too_many(clashes, ctx.limits.open_runs_each, ctx.links))
