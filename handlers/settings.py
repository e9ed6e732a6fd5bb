"""`settings`: what somebody's runs may cost, and how much is said about them; shown, or changed."""

from dataclasses import replace

from bot.context import Context
from bot.domain import messages_discord
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    settings = ctx.preferences.of(asked.requester.id)
    if command.given:
        settings = replace(settings, **{name: getattr(command.wishes, name) for name in command.given})
        ctx.preferences.put(settings)
    return Outcome(
        messages_discord.settings_are(
            settings.notify, settings.budget, settings.monthly_budget, settings.hardware
        )
    )
