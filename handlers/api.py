"""Somebody's script asked over the API: the same as anywhere, and the answer is kept for it to fetch."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.events import ApiAsked
from bot.domain.models import ApiRef, Requester
from bot.domain.parser import command_of
from handlers.asked import Asked, Outcome, conclude
from handlers.commands import carry_out


def handle(event: ApiAsked, ctx: Context) -> None:
    asked = _asked(event)
    try:
        command = command_of(list(event.words))
    except UserError as error:  # the door has read it before; the table has changed since
        conclude(asked, event.words[0], Outcome(messages.refused(error.code, str(error)), error.code), ctx)
        return
    carry_out(command, asked, ctx)


def apologise(event: ApiAsked, ctx: Context) -> None:
    asked = _asked(event)
    conclude(asked, event.words[0], Outcome(messages.apology(asked.decision_id), "E_FAULT"), ctx)


def _asked(event: ApiAsked) -> Asked:
    return Asked(event.key, Requester(id=event.user_id, name=event.user_name), ApiRef(user_id=event.user_id))
