"""`unwatch`: a watch ends. Whoever may write to a repo ends those that speak in its discussions."""

from bot.context import Context
from bot.domain import messages_watching
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef
from bot.domain.parser import Command
from bot.domain.watching import Watch
from handlers.asked import Asked, Outcome
from handlers.build import this_model
from handlers.owner import is_writer
from handlers.watchers import attend_if_possible


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    model_id = command.target or this_model(asked)
    mine = ctx.watches.on(asked.requester.id, model_id)
    found = [mine] if mine else _of_others_here(command, asked, ctx)
    if not found:
        raise UserError("I_NONE", messages_watching.not_watched())
    for watch in found:
        end(watch, ctx)
    return Outcome(messages_watching.unwatched(found, ctx.links))


def end(watch: Watch, ctx: Context) -> None:
    ctx.watches.end(watch.id)
    attend_if_possible(watch.requester.id, ctx)


def end_all(user_id: str, ctx: Context) -> None:
    """While the person's token is still there: their webhook goes too."""
    watches = ctx.watches.of(user_id)
    for watch in watches:
        ctx.watches.end(watch.id)
    if watches:
        attend_if_possible(user_id, ctx)


def _of_others_here(command: Command, asked: Asked, ctx: Context) -> list[Watch]:
    if command.target or not isinstance(asked.thread, DiscussionRef):
        return []
    found = ctx.watches.speaking_in(asked.thread.repo)
    return found if found and is_writer(asked, ctx) else []
