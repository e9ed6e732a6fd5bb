"""`rollback`: a rebuilt Space becomes what it was before, as one commit."""

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.discretion import is_discreet
from bot.domain.errors import TokenGone, UserError
from bot.domain.parser import Command
from bot.hub.spaces import find_space, restore
from handlers.asked import Asked, Outcome
from handlers.which_run import own_run_of


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    run = own_run_of(command, asked, ctx)
    report = run.report
    if report is None or report.space_id is None or report.previous_commit is None:
        raise UserError("E_RUN", messages.nothing_to_roll_back())
    named = None if is_discreet(run, asked.thread) else report.space_id
    try:
        with ctx.accounts.acting_for(asked.requester.id) as (hub, _):
            if find_space(hub, report.space_id, run.space_repo) is None:
                raise UserError("E_SPACE", messages.space_is_gone(named))
            changed = restore(hub, report.space_id, report.previous_commit)
    except TokenGone:
        ended_at = ctx.accounts.ended_at(asked.requester.id)
        raise UserError("E_TOKEN", messages_account.reconnect(ended_at, ctx.links)) from None
    sentence = messages.rolled_back(named, report.previous_commit, ctx.links, changed=changed)
    return Outcome(sentence)
