"""`disconnect`: a person's tokens and settings are erased, with a receipt."""

from bot.context import Context
from bot.domain import messages_account
from bot.domain.parser import Command
from bot.domain.people import Receipt
from handlers.asked import Asked, Outcome
from handlers.unwatch import end_all


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    receipt, decisions = erase(asked.requester.id, ctx)
    return Outcome(messages_account.disconnected(receipt.had_tokens, receipt.sessions, decisions, ctx.links))


def erase(user_id: str, ctx: Context) -> tuple[Receipt, int]:
    """Erase what is kept about a person besides their runs: what of the account, and how many decisions."""
    end_all(user_id, ctx)
    receipt = ctx.accounts.disconnect(user_id)
    ctx.preferences.forget(user_id)
    ctx.discord_links.forget(user_id)
    ctx.invitations.forget(user_id)
    ctx.api_keys.forget(user_id)
    ctx.waiting_requests.forget(user_id)
    return receipt, ctx.decisions.forget(user_id)
