"""Whether the operator lets us answer this person, in this repo or guild."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import ApiRef, ChannelRef, DiscussionRef
from bot.runs.denied import Denied, refuse_denied
from handlers.asked import Asked, Outcome

STILL_DONE = frozenset({"disconnect", "why"})
"""Everybody may leave, and hear why."""


def turned_away(asked: Asked, verb: str, ctx: Context, discord_id: str | None = None) -> Outcome | None:
    """The refusal, said once a day; None if they are answered. `discord_id` is whoever asked on Discord."""
    if verb in STILL_DONE:
        return None
    match asked.thread:
        case DiscussionRef(repo=repo):
            place = (Denied.REPO, repo)
        case ChannelRef(guild_id=guild_id):
            place = (Denied.GUILD, guild_id or "")
        case ApiRef(user_id=user_id):
            place = (Denied.USER, user_id)
    known_there = (Denied.USER, f"discord:{discord_id}" if discord_id else None)
    try:
        refuse_denied(ctx, (Denied.USER, asked.requester.id), known_there, place)
    except UserError as error:
        return Outcome(messages.refused(error.code, str(error)), error.code)
    return None
