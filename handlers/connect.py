"""`connect`: the link that connects an account; what it will ask for is said before."""

from bot.context import Context
from bot.domain import messages_account
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    if ctx.accounts.is_connected(asked.requester.id):
        ends_at = ctx.accounts.ends_soon(asked.requester.id)
        soon = f"\n\n{messages_account.ends_soon(ends_at, ctx.links)}" if ends_at else ""
        return Outcome(f"{messages_account.connected_already(ctx.links)}{soon}")
    return Outcome(messages_account.connect_here(asked.requester.name, ctx.links))
