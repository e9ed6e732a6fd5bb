"""One command of one person: the checks that every command passes, then its own file, then the answer.

Both entrances, comments and Discord, come here with a Command.
"""

import logging
from collections.abc import Callable

from bot.context import Context
from bot.domain import messages
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
    validate,
    why,
)
from handlers.asked import Asked, Outcome, conclude
from handlers.flood import one_too_many
from handlers.owner import voice_of

log = logging.getLogger(__name__)

Handler = Callable[[Command, Asked, Context], Outcome]
HANDLERS: dict[str, Handler] = {
    "build": build.handle,
    "rebuild": rebuild.handle,
    "plan": plan.handle,
    "validate": validate.handle,
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
    if is_silent_here(verb, asked, ctx):
        conclude(asked, verb, Outcome(None, "E_QUIET"), ctx)
        return
    if flood := one_too_many(asked, verb, ctx):
        conclude(asked, verb, flood, ctx)
        return
    try:
        if command.row.spends:
            _may_spend(ctx)
        outcome = HANDLERS[verb](command, asked, ctx)
    except UserError as error:
        log.info("refused", extra=fields(delivery=asked.delivery_key, code=error.code))
        outcome = Outcome(messages.refused(error.code, str(error)), error.code)
    conclude(asked, verb, outcome, ctx)


def is_silent_here(verb: str, asked: Asked, ctx: Context) -> bool:
    """Whether the owner of this repo wants no word of ours in it, nor in it any build of whoever asks."""
    if not isinstance(asked.thread, DiscussionRef) or verb in {"quiet", "unquiet"}:
        return False
    return ctx.preferences.is_quiet(asked.thread.repo) or not voice_of(asked.thread.repo, ctx).enabled


def _may_spend(ctx: Context) -> None:
    if switch := ctx.preferences.switch("pause"):
        raise UserError("E_PAUSED", messages.paused(switch.reason))
