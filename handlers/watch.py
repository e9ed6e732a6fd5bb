"""`watch`: from now on a new version of the model brings the Space up to date, in the asker's account."""

from bot.context import Context
from bot.domain import messages, messages_watching
from bot.domain.errors import HubError, TokenGone, UserError
from bot.domain.models import Notify, Wishes
from bot.domain.parser import Command
from bot.domain.watching import Watch, watch_id_for
from bot.hub.versions import Versions, read_versions
from handlers.asked import Asked, Outcome
from handlers.build import latest_space, this_model
from handlers.owner import may_build_here
from handlers.watchers import attend

MOST_WATCHES = 50
IN_HAND = 120.0
"""Seconds in which nobody else makes the webhook."""


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    """The watch is kept before its webhook is made: whatever happens between is mended by the next look."""
    model_id = command.target or this_model(asked)
    if command.wishes.alone:
        return Outcome(messages_watching.alone(model_id, ctx.job_plan.image, ctx.links))
    wishes = _wishes(command, asked, ctx)
    versions = _visible(model_id, asked, ctx)
    watch_id = watch_id_for(asked.requester.id, versions.repo_id)
    before = ctx.watches.get(watch_id)
    if before is None and len(ctx.watches.of(asked.requester.id)) >= MOST_WATCHES:
        raise UserError("E_RATE", messages_watching.too_many_watches(MOST_WATCHES))
    watch = Watch(
        id=watch_id,
        requester=asked.requester,
        thread=asked.thread,
        repo_id=versions.repo_id,
        model_id=versions.model_id,
        wishes=wishes,
        seen=before.seen if before else versions.seen,
        since=ctx.clock(),
        due_at=ctx.clock() + IN_HAND,
    )
    ctx.watches.put(watch)
    _make_webhook(watch, is_new=before is None, ctx=ctx)
    ctx.watches.ask(watch.id, ctx.clock())
    has_space = latest_space(ctx, asked.requester, watch.model_id) is not None
    return Outcome(messages_watching.watching(watch, ctx.links, has_space=has_space))


def _wishes(command: Command, asked: Asked, ctx: Context) -> Wishes:
    """What each build of it will be asked for; it speaks at its end only, unless more was asked for."""
    loudest = may_build_here(asked, ctx)
    notify = command.wishes.notify if "notify" in command.given else Notify.OUTCOMES
    return command.wishes.model_copy(update={"notify": notify.at_most(loudest)})


def _visible(model_id: str, asked: Asked, ctx: Context) -> Versions:
    try:
        with ctx.accounts.acting_for(asked.requester.id) as (hub, _):
            return read_versions(hub, model_id, ctx.bot_name)
    except TokenGone:
        raise UserError("E_TOKEN", messages_watching.connect_first(ctx.links)) from None
    except HubError as error:
        if error.status in {401, 403, 404}:
            raise UserError("E_ACCESS", messages.not_visible()) from None
        raise


def _make_webhook(watch: Watch, ctx: Context, *, is_new: bool) -> None:
    try:
        attend(watch.requester.id, ctx)
    except HubError as error:
        if is_new:
            ctx.watches.end(watch.id)
        raise UserError("E_SCOPE", messages_watching.webhook_refused(error.message, ctx.links)) from None
