"""`disconnect`: a person's tokens and settings are erased, with a receipt."""

from bot.context import Context
from bot.domain import messages
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    receipt = ctx.accounts.disconnect(asked.requester.id)
    ctx.preferences.forget(asked.requester.id)
    ctx.discord_links.forget(asked.requester.id)
    decisions = ctx.decisions.forget(asked.requester.id)
    return Outcome(messages.disconnected(receipt.had_tokens, receipt.sessions, decisions, ctx.links))
