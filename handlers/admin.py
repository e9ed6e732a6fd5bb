"""`admin pause` and `admin resume`: the operators' switch, with a reason that people are told."""

from bot.context import Context
from bot.domain import messages_discord
from bot.domain.events import InteractionAsked
from bot.store.preferences import Switch
from handlers.asked import Asked, Outcome, conclude


def handle(event: InteractionAsked, asked: Asked, ctx: Context) -> None:
    conclude(asked, "admin", _outcome(event, ctx), ctx)


def _outcome(event: InteractionAsked, ctx: Context) -> Outcome:
    if event.user_id not in ctx.operators:
        return Outcome(messages_discord.operators_only(), "E_ROLE")
    match event.words[1:]:
        case ("pause", said) if reason := said.removeprefix("reason=").strip():
            ctx.preferences.turn_on(Switch("pause", reason, f"discord:{event.user_id}", ctx.clock()))
            return Outcome(messages_discord.paused_now(reason))
        case ("resume",):
            ctx.preferences.turn_off("pause")
            return Outcome(messages_discord.resumed_now())
        case _:
            return Outcome(messages_discord.no_reason(), "E_OPT")
