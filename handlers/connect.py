"""`connect`: the link that connects an account; what it will ask for is said before."""

from bot.context import Context
from bot.domain import messages
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    if ctx.accounts.is_connected(asked.requester.id):
        return Outcome(messages.connected_already(ctx.links))
    return Outcome(messages.connect_here(asked.requester.name, ctx.links))
