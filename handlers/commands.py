"""One command of one person: the checks that every command passes, then its own file, then the answer.

Every entrance, comments, Discord and the API, comes here with a Command.
"""

import logging
from collections.abc import Callable

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.commands import CommandRow
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef
from bot.domain.parser import Command
from bot.log import fields
from handlers import (
    build,
    cancel,
    connect,
    disconnect,
    help,
    logs,
    ping,
    plan,
    quiet,
    rebuild,
    retry,
    rollback,
    settings,
    status,
    unwatch,
    validate,
    watch,
    why,
)
from handlers.asked import Asked, Outcome, conclude
from handlers.done_before import ends_as_lost, is_answered
from handlers.flood import one_too_many
from handlers.owner import voice_here
from handlers.turned_away import turned_away
from handlers.waiting import wait

log = logging.getLogger(__name__)

Handler = Callable[[Command, Asked, Context], Outcome]
HANDLERS: dict[str, Handler] = {
    "build": build.handle,
    "rebuild": rebuild.handle,
    "plan": plan.handle,
    "validate": validate.handle,
    "watch": watch.handle,
    "unwatch": unwatch.handle,
    "status": status.handle,
    "cancel": cancel.handle,
    "retry": retry.handle,
    "rollback": rollback.handle,
    "logs": logs.handle,
    "why": why.handle,
    "quiet": quiet.handle,
    "unquiet": quiet.undo,
    "connect": connect.handle,
    "disconnect": disconnect.handle,
    "help": help.handle,
    "ping": ping.handle,
    "settings": settings.handle,
}


def carry_out(command: Command, asked: Asked, ctx: Context) -> None:
    """Do it and answer. A refusal is an answer too."""
    verb = command.row.name
    if is_answered(asked, ctx, is_run=command.row.spends):
        conclude(asked, verb, Outcome(None, "I_ANSWERED"), ctx)
        return
    if is_silent_here(verb, asked, ctx):
        conclude(asked, verb, Outcome(None, "E_QUIET"), ctx)
        return
    if refused := turned_away(asked, verb, ctx) or one_too_many(asked, verb, ctx):
        conclude(asked, verb, refused, ctx)
        return
    try:
        if command.row.spends:
            _may_spend(ctx)
        else:
            _has_granted(command.row, asked, ctx)
        outcome = HANDLERS[verb](command, asked, ctx)
    except UserError as error:
        log.info("refused", extra=fields(delivery=asked.delivery_key, code=error.code))
        is_lost = command.row.spends and ends_as_lost(asked, ctx)
        sentence = None if is_lost else _refusal(error, command.row, asked, ctx)
        outcome = Outcome(sentence, error.code, error.run_id)
    conclude(asked, verb, outcome, ctx)


def is_silent_here(verb: str, asked: Asked, ctx: Context) -> bool:
    """Whether the owner of this repo wants no word of ours in it, nor in it any build of whoever asks."""
    if not isinstance(asked.thread, DiscussionRef) or verb in {"quiet", "unquiet"}:
        return False
    return ctx.preferences.is_quiet(asked.thread.repo) or not voice_here(asked, ctx).enabled


def _refusal(error: UserError, row: CommandRow, asked: Asked, ctx: Context) -> str:
    """What waits for its author's permission says so; what spends waits as a run."""
    sentence = messages.refused(error.code, str(error))
    waits = error.code in {"E_TOKEN", "E_SCOPE"} and row.scopes and not row.spends
    if waits and wait(asked, row.scopes, ctx):
        return f"{sentence} {messages_account.goes_on()}"
    return sentence


def _has_granted(row: CommandRow, asked: Asked, ctx: Context) -> None:
    """UserError with a link that asks for just what is missing; the command says what takes a connection."""
    granted = ctx.accounts.scopes_of(asked.requester.id)
    missing = [scope for scope in row.scopes if granted is not None and scope not in granted]
    if missing:
        raise UserError("E_SCOPE", messages_account.one_more(missing, ctx.links, f"`{row.name}`"))


def _may_spend(ctx: Context) -> None:
    if switch := ctx.preferences.switch("pause"):
        raise UserError("E_PAUSED", messages.paused(switch.reason))
