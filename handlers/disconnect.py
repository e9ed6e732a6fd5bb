"""`disconnect`: a person's tokens and settings are erased, with a receipt."""

from bot.accounts import Receipt
from bot.context import Context
from bot.domain import messages
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    receipt, decisions = erase(asked.requester.id, ctx)
    return Outcome(messages.disconnected(receipt.had_tokens, receipt.sessions, decisions, ctx.links))


def erase(user_id: str, ctx: Context) -> tuple[Receipt, int]:
    """Erase what is kept about a person besides their runs: what of the account, and how many decisions."""
    receipt = ctx.accounts.disconnect(user_id)
    ctx.preferences.forget(user_id)
    ctx.discord_links.forget(user_id)
    return receipt, ctx.decisions.forget(user_id)
