"""`quiet` and `unquiet`: whoever may write to a repo decides whether the bot speaks there."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome
from handlers.owner import is_writer


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    repo = _own_repo(command, asked, ctx)
    ctx.preferences.quiet(repo, asked.requester.id, ctx.clock())
    return Outcome(messages.quiet_now(repo))


def undo(command: Command, asked: Asked, ctx: Context) -> Outcome:
    repo = _own_repo(command, asked, ctx)
    ctx.preferences.unquiet(repo)
    return Outcome(messages.unquiet_now(repo))


def _own_repo(command: Command, asked: Asked, ctx: Context) -> str:
    if not isinstance(asked.thread, DiscussionRef):
        raise UserError("E_PLACE", messages.only_on_a_model(command.row.name))
    if not is_writer(asked, ctx):
        connected = ctx.accounts.is_connected(asked.requester.id)
        raise UserError("E_ROLE", messages.writers_only(command.row.name, ctx.links, connected=connected))
    return asked.thread.repo
