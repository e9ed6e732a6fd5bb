"""The model at the end of its run: it may have changed since, or not be for everyone's eyes any more.

What is built is the version that was there when it was asked for; what is said is what holds now.
"""

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone, UserError
from bot.domain.models import Run
from bot.hub.models import Model
from bot.runs.admit import visible_model


def is_private_now(run: Run, ctx: Context) -> bool:
    """Whether it is for its requester's eyes only by now, or not even for theirs. What can't be found out
    stays as it was."""
    try:
        model = _now(run, ctx)
    except UserError as gone:
        return run.is_private or gone.code == "E_ACCESS"
    return model.is_private if model else run.is_private


def newer_version(run: Run, ctx: Context) -> str | None:
    """The commit of what was asked for, if it is another one by now."""
    try:
        model = _now(run, ctx)
    except UserError:
        return None
    return model.sha if model and model.sha != run.sha else None


def _now(run: Run, ctx: Context) -> Model | None:
    if not run.model_id or run.sha is None or not ctx.accounts.is_connected(run.requester.id):
        return None
    seen = {} if ctx.models_seen is None else ctx.models_seen
    if run.id not in seen:
        try:
            seen[run.id] = visible_model(ctx, run.requester, run.model_id, run.wishes.rev)
        except UserError as refused:
            seen[run.id] = refused
        except (HubError, HubUnavailable, TokenGone):
            return None
    found = seen[run.id]
    if isinstance(found, UserError):
        raise found
    return found
