"""`help`: what can be asked for, or everything about one command, out of the one table."""

from bot.context import Context
from bot.domain import messages, messages_discord
from bot.domain.commands import BY_NAME
from bot.domain.models import ChannelRef
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    if command.target:
        return Outcome(messages.help_on(BY_NAME[command.target]))
    if isinstance(asked.thread, ChannelRef):
        return Outcome(messages_discord.help_text(ctx.links))
    return Outcome(messages.help_text(ctx.links))
