"""Whom and what the operator has turned away: a person, a repo or a guild, with a reason that is told.

A person is known by an id that never changes: the Hub's, or `discord:` and Discord's.
"""

from enum import StrEnum

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError


class Denied(StrEnum):
    USER = "user"
    REPO = "repo"
    GUILD = "guild"


def switch_of(kind: Denied, name: str) -> str:
    """The name of the operator's switch."""
    return f"deny {kind} {name.lower()}"


def refuse_denied(ctx: Context, *named: tuple[Denied, str | None]) -> None:
    """UserError with the operator's reason if one of these was turned away."""
    for kind, name in named:
        if name and (switch := ctx.preferences.switch(switch_of(kind, name))):
            raise UserError("E_DENIED", messages.denied(kind.value, switch.reason))
