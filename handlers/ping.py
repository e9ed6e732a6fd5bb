"""`ping`: whether the bot and the Hub are well, and how long the queue is."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, HubUnavailable
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    up = ctx.clock() - ctx.started_at
    switch = ctx.preferences.switch("pause")
    sentence = messages.pong(
        up, ctx.runs.count_open(), hub_is_well=hub_is_well(ctx), paused=switch.reason if switch else None
    )
    return Outcome(sentence)


def hub_is_well(ctx: Context) -> bool:
    try:
        ctx.bot_hub.user_id(ctx.bot_name)
    except (HubUnavailable, HubError):
        return False
    return True
