"""`rollback`: a rebuilt Space becomes what it was before, as one commit."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import TokenGone, UserError
from bot.domain.parser import Command
from bot.hub.spaces import restore, space_head
from handlers.asked import Asked, Outcome
from handlers.which_run import own_run_of


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    report = own_run_of(command, asked, ctx).report
    if report is None or report.space_id is None or report.previous_commit is None:
        raise UserError("E_RUN", messages.nothing_to_roll_back())
    try:
        hub = ctx.accounts.hub_of(asked.requester.id)
        if space_head(hub, report.space_id) is None:
            raise UserError("E_SPACE", messages.space_is_gone(report.space_id))
        changed = restore(hub, report.space_id, report.previous_commit)
    except TokenGone:
        raise UserError("E_TOKEN", messages.reconnect(ctx.links)) from None
    sentence = messages.rolled_back(report.space_id, report.previous_commit, ctx.links, changed=changed)
    return Outcome(sentence)
