"""Whether what is asked is one too many: a loop of two bots, a flood by one person, or in one place."""

import logging

from limits import RateLimitItemPerHour

from bot.context import Context
from bot.domain import messages
from bot.domain.models import ApiRef, ChannelRef, DiscussionRef, ThreadRef
from bot.log import fields
from handlers.asked import Asked, Outcome

log = logging.getLogger(__name__)

LOOP_SECONDS = 600.0
SAME_ANSWERS = 4
"""To one account's same command in one thread; a loop of two bots ends here."""
DIFFERENT_TYPOS = 10
"""A person may need some; the same one is answered once a day."""
ANSWERS = 30
"""In one thread, whatever was asked."""
ONCE = RateLimitItemPerHour(1)


def one_too_many(asked: Asked, verb: str, ctx: Context) -> Outcome | None:
    """What to do instead of what was asked; None if it may be done."""
    if isinstance(asked.thread, DiscussionRef) and _is_loop(asked, verb, ctx):
        log.warning("silent: this looks like a loop", extra=fields(thread=asked.thread.key, verb=verb))
        return Outcome(None, "E_LOOP")
    most = ctx.limits.commands_per_hour
    if not ctx.rates.take(RateLimitItemPerHour(most), "person", asked.requester.id):
        return _refused(asked, messages.too_often(most), ctx, "person", asked.requester.id)
    place = _place(asked.thread)
    if not ctx.rates.take(RateLimitItemPerHour(2 * most), "place", place):
        return _refused(asked, messages.too_often_here(2 * most), ctx, "place", place)
    return None


def _is_loop(asked: Asked, verb: str, ctx: Context) -> bool:
    since, thread = ctx.clock() - LOOP_SECONDS, asked.thread.key
    same = ctx.decisions.answers_since(since, thread, asked.requester.id, verb)
    most = SAME_ANSWERS if verb else DIFFERENT_TYPOS
    return same >= most or ctx.decisions.answers_since(since, thread) >= ANSWERS


def _refused(asked: Asked, sentence: str, ctx: Context, *of: str) -> Outcome:
    """Said once an hour and then silently; elsewhere always: there an answer is awaited."""
    first = ctx.rates.take(ONCE, "told", *of)
    if not first and isinstance(asked.thread, DiscussionRef):
        return Outcome(None, "E_RATE")
    if first:
        log.warning("too often", extra=fields(of=of))
    return Outcome(messages.refused("E_RATE", sentence), "E_RATE")


def _place(thread: ThreadRef) -> str:
    match thread:
        case DiscussionRef():
            return thread.repo
        case ChannelRef():
            return f"discord:{thread.guild_id or thread.channel_id}"
        case ApiRef():
            return thread.key
