"""`help`: what can be asked for, out of the one table of commands."""

from bot.domain import messages


def sentence() -> str:
    return messages.help_text()
