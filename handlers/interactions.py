"""Somebody used a command or a button on Discord: who are they on the Hub, and then the same as anywhere."""

import base64
from collections.abc import Callable

from bot.context import Context
from bot.domain import messages, messages_discord
from bot.domain.commands import BY_NAME_ON_DISCORD
from bot.domain.errors import UserError
from bot.domain.events import InteractionAsked
from bot.domain.models import ChannelRef, Notify, Requester, RunState, decision_id_for, run_id_for
from bot.domain.parser import Command, command_of
from bot.store.discord_answers import AwaitedAnswer
from bot.store.discord_links import DiscordLink
from handlers import admin
from handlers.asked import Asked, Outcome, conclude, reply
from handlers.commands import carry_out
from handlers.flood import one_too_many
from handlers.turned_away import turned_away

FOR_ANYONE = frozenset({"help", "ping", "status"})
"""What can be asked for without being known on the Hub."""


def handle(event: InteractionAsked, ctx: Context) -> None:
    link = ctx.discord_links.of(event.user_id)
    asked = Asked(event.key, _requester(event, link), _thread(event))
    _await_answer(event, ctx)
    if event.words[0] == "admin":
        admin.handle(event, asked, ctx)
        return
    if refused := turned_away(asked, event.words[0], ctx, event.user_id):
        conclude(asked, event.words[0], refused, ctx)
        return
    try:
        command = command_of(list(event.words), BY_NAME_ON_DISCORD)
    except UserError as error:
        conclude(asked, event.words[0], Outcome(messages.refused(error.code, str(error)), error.code), ctx)
        return
    _answer(command, event, asked, link, ctx)


def apologise(event: InteractionAsked, ctx: Context) -> None:
    asked = Asked(event.key, _requester(event, None), _thread(event))
    reply(asked, messages.apology(asked.decision_id), ctx)


def _answer(
    command: Command, event: InteractionAsked, asked: Asked, link: DiscordLink | None, ctx: Context
) -> None:
    verb = command.row.name
    if verb == "connect" and link:
        _say_with_ticket(asked, event, ctx, lambda ticket: _linked_already(link, ticket, ctx))
    elif link is None and verb == "disconnect":
        conclude(asked, verb, Outcome(messages_discord.not_connected_here()), ctx)
    elif link is None and verb not in FOR_ANYONE and not _is_paused(command, ctx):
        _ask_to_link(command, event, asked, ctx)
    else:
        carry_out(command, asked, ctx)
        _say_that_it_started(asked, ctx)


def _is_paused(command: Command, ctx: Context) -> bool:
    """Nobody links their accounts for what would be refused after it."""
    return command.row.spends and ctx.preferences.switch("pause") is not None


def _ask_to_link(command: Command, event: InteractionAsked, asked: Asked, ctx: Context) -> None:
    """The link, for these eyes only; what spends waits for it and then goes on by itself."""
    if flood := one_too_many(asked, command.row.name, ctx):
        conclude(asked, command.row.name, flood, ctx)
        return
    if command.row.spends:
        now = ctx.clock()
        ctx.discord_links.wait(event, now, forget_before=now - ctx.limits.sign_in_seconds)
    verb, waits = command.row.name, command.row.spends
    _say_with_ticket(
        asked, event, ctx, lambda ticket: messages_discord.link_first(verb, ticket, ctx.links, waits=waits)
    )


def _say_with_ticket(
    asked: Asked, event: InteractionAsked, ctx: Context, sentence: Callable[[str], str]
) -> None:
    """The ticket is said to this person and kept nowhere: the note of the decision is without it."""
    private = Asked(asked.delivery_key, asked.requester, _thread(event, is_private=True))
    reply(private, sentence(ctx.discord_accounts.hand_out(event.user_id)), ctx)
    conclude(private, event.words[0], Outcome(None, "E_LINK"), ctx)


def _linked_already(link: DiscordLink, ticket: str, ctx: Context) -> str:
    return messages_discord.linked_already(link.hub_name, ticket, ctx.links)


def _say_that_it_started(asked: Asked, ctx: Context) -> None:
    """Where the run stays quiet, the deferred answer still needs words."""
    run = ctx.runs.get(run_id_for(asked.delivery_key))
    if run is None or run.wishes.notify is Notify.ALL or run.state is RunState.WAITING_FOR_SIGN_IN:
        return
    reply(asked, messages_discord.started_quietly(run.wishes.notify, run.id, ctx.links), ctx)


def _await_answer(event: InteractionAsked, ctx: Context) -> None:
    ctx.discord_answers.keep(
        AwaitedAnswer(
            key=event.key,
            run_id=run_id_for(event.key),
            decision_id=decision_id_for(event.key),
            interaction_id=event.interaction_id,
            user_id=event.user_id,
            is_ephemeral=event.is_ephemeral,
            token=base64.b64decode(event.answer) if event.answer else None,
            created_at=ctx.clock(),
        )
    )


def _thread(event: InteractionAsked, *, is_private: bool = False) -> ChannelRef:
    return ChannelRef(
        guild_id=event.guild_id,
        channel_id=event.channel_id,
        is_private=is_private or not event.is_public,
    )


def _requester(event: InteractionAsked, link: DiscordLink | None) -> Requester:
    if link is None:
        return Requester(id=f"discord:{event.user_id}", name=event.user_name)
    return Requester(id=link.hub_id, name=link.hub_name)
