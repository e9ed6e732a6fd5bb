"""A Discord account was linked: what waited for it goes on, and the other sides are told."""

import logging

from bot.context import Context
from bot.domain import messages_discord
from bot.domain.errors import HubUnavailable
from bot.domain.people import Person
from bot.log import fields
from bot.store.discord_links import DiscordLink

log = logging.getLogger(__name__)


def link(browser: str, form_key: str, person: Person, ctx: Context) -> None:
    """UserError if this browser has not proven it, or there are too many."""
    before = ctx.discord_links.of(ctx.discord_accounts.proof(browser).discord_id or "")
    linked = ctx.discord_accounts.confirm(browser, form_key, person.user_id, person.name)
    _go_on(linked.discord_id, ctx)
    _tell(linked, before, ctx)


def _go_on(discord_id: str, ctx: Context) -> None:
    """What this person asked for before, as deliveries of their own."""
    now = ctx.clock()
    waited = ctx.discord_links.waiting(discord_id, not_before=now - ctx.limits.sign_in_seconds)
    resumed = [event.model_copy(update={"is_resumed": True, "answer": None}) for event in waited]
    if resumed:
        ctx.deliveries.put(resumed, now)
    ctx.discord_links.stop_waiting(discord_id)
    for event in resumed:
        ctx.engine.deliver(event.key)


def _tell(linked: DiscordLink, before: DiscordLink | None, ctx: Context) -> None:
    """The account itself, those that share the account of the Hub now, and those it left behind."""
    from bot.threads.discord_channel import tell  # and discord.py, which no bot without Discord need hold

    was = before.hub_name if before else None
    notes = {linked.discord_id: messages_discord.linked_now(linked.hub_name, was)}
    for other in ctx.discord_links.of_hub(linked.hub_id):
        notes.setdefault(
            other.discord_id, messages_discord.another_linked(linked.hub_name, linked.discord_name)
        )
    if before and before.hub_id != linked.hub_id:
        for other in ctx.discord_links.of_hub(before.hub_id):
            notes[other.discord_id] = messages_discord.moved_away(before.hub_name, linked.discord_name)
    for discord_id, note in notes.items():
        try:
            tell(ctx.discord, discord_id, note)
        except HubUnavailable:
            log.warning("could not tell of a link", extra=fields(discord=discord_id))
