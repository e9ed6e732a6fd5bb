"""`admin`: the operators' switches: pause and resume everything, deny and allow one person, repo or guild.

Each has a reason that people are told.
"""

import re
from collections.abc import Sequence

from bot.context import Context
from bot.domain import messages_discord
from bot.domain.errors import HubError
from bot.domain.events import InteractionAsked
from bot.domain.parser import REPO_ID
from bot.runs.denied import Denied, switch_of
from bot.store.preferences import Switch
from handlers.asked import Asked, Outcome, conclude

ON_DISCORD = re.compile(r"^(?:<@!?)?([0-9]{15,20})>?$")
GUILD = re.compile(r"^[0-9]{15,20}$")
HUB_ID = re.compile(r"^[0-9a-f]{24}$")


def handle(event: InteractionAsked, asked: Asked, ctx: Context) -> None:
    conclude(asked, "admin", outcome(event, ctx), ctx)


def outcome(event: InteractionAsked, ctx: Context) -> Outcome:
    if event.user_id not in ctx.operators:
        return Outcome(messages_discord.operators_only(), "E_ROLE")
    what, given = next(iter(event.words[1:]), ""), _given(event.words[2:])
    reason = given.get("reason", "").strip()
    match what:
        case "resume":
            ctx.preferences.turn_off("pause")
            return Outcome(messages_discord.resumed_now())
        case "pause" | "deny" if not reason:
            return Outcome(messages_discord.no_reason(), "E_OPT")
        case "pause":
            _turn_on("pause", reason, event, ctx)
            return Outcome(messages_discord.paused_now(reason))
        case _:
            return _about_one(what, given, reason, event, ctx)


def _about_one(
    what: str, given: dict[str, str], reason: str, event: InteractionAsked, ctx: Context
) -> Outcome:
    kind = next((each for each in Denied if each == given.get("kind")), Denied.USER)
    who = given.get("who", "").strip()
    name = _known(kind, who, ctx)
    if name is None:
        return Outcome(messages_discord.nobody_of_that_name(kind.value, who), "E_OPT")
    if what == "deny":
        _turn_on(switch_of(kind, name), reason, event, ctx)
        return Outcome(messages_discord.denied_now(kind.value, who, name, reason))
    if ctx.preferences.switch(switch_of(kind, name)) is None:
        return Outcome(messages_discord.was_not_denied(kind.value, who))
    ctx.preferences.turn_off(switch_of(kind, name))
    return Outcome(messages_discord.allowed_now(kind.value, who))


def _known(kind: Denied, who: str, ctx: Context) -> str | None:
    """What never changes about it, of a person an id; None if there is no such thing."""
    match kind:
        case Denied.REPO:
            return who if REPO_ID.match(who) else None
        case Denied.GUILD:
            return who if GUILD.match(who) else None
        case Denied.USER if HUB_ID.match(who):
            return who
        case Denied.USER if found := ON_DISCORD.match(who):
            return f"discord:{found[1]}"
        case Denied.USER:
            try:
                return ctx.bot_hub.user_id(who.removeprefix("@"))
            except HubError:
                return None


def _turn_on(name: str, reason: str, event: InteractionAsked, ctx: Context) -> None:
    ctx.preferences.turn_on(Switch(name, reason, f"discord:{event.user_id}", ctx.clock()))


def _given(options: Sequence[str]) -> dict[str, str]:
    parts = [option.partition("=") for option in options]
    return {key: value for key, _, value in parts}
