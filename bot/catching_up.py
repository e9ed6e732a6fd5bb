"""After a time away: read what was asked meanwhile and never told to us, once, and say so where it was.

The Hub tries to deliver for a while only. Runs, Jobs and watched models need nothing here: their rows say
when to look, and at a start that is now.
"""

import logging
from collections.abc import Iterator

from bot.context import Context
from bot.domain import messages_away
from bot.domain.errors import HubError
from bot.domain.events import CommentPosted
from bot.domain.models import DiscussionRef, thread_of
from bot.domain.parser import mentions
from bot.hub.discussions import Comment
from bot.hub.webhooks import heard_repos
from bot.log import fields

log = logging.getLogger(__name__)

AWAY = 120.0
"""Seconds; for less the Hub's own repeated deliveries suffice."""
LONGEST = 7 * 24 * 3600.0
KNOWN_THREADS = 30 * 24 * 3600.0
MOST_THREADS = 200
SLACK = 60.0
ALIVE = "alive"


def away_since(ctx: Context) -> float | None:
    """When the bot was last alive, if that is long enough ago."""
    last = ctx.moments.get(ALIVE)
    return last if last is not None and ctx.started_at - last > AWAY else None


def still_alive(ctx: Context) -> None:
    ctx.moments.put(ALIVE, ctx.clock())


def catch_up(ctx: Context, since: float) -> None:
    """Put every comment that was missed on the road that deliveries take. HubUnavailable: try later."""
    since = max(since, ctx.started_at - LONGEST)
    missed = 0
    for thread in _threads(ctx, since):
        missed += _read(thread, ctx, since)
    log.info("caught up", extra=fields(since=since, missed=missed))


def _threads(ctx: Context, since: float) -> Iterator[DiscussionRef]:
    """Where we spoke before, and discussions that were begun meanwhile."""
    known = [thread_of(key) for key in ctx.decisions.threads_since(since - KNOWN_THREADS, MOST_THREADS)]
    found = dict.fromkeys(each for each in known if isinstance(each, DiscussionRef))
    for repo in heard_repos(ctx.bot_hub, f"{ctx.links.bot}/webhooks/hub"):
        try:
            begun = ctx.discussions.begun_since(repo, since - SLACK)
        except HubError:
            continue
        found |= dict.fromkeys(DiscussionRef(repo=repo, num=num) for num in begun)
    yield from list(found)[:MOST_THREADS]


def _read(thread: DiscussionRef, ctx: Context, since: float) -> int:
    try:
        comments = ctx.discussions.comments(thread.repo, thread.num)
    except HubError:
        return 0
    events = [_event(each, thread, ctx) for each in comments if _is_for_us(each, ctx, since)]
    fresh = [each for each in events if each and not ctx.deliveries.is_known(each.key)]
    if fresh:
        _say(thread, ctx, since)
        ctx.deliveries.put(fresh, ctx.clock())
    return len(fresh)


def _is_for_us(comment: Comment, ctx: Context, since: float) -> bool:
    is_new = comment.posted_at >= since - SLACK
    theirs = comment.author != ctx.bot_name and not comment.hidden
    return is_new and theirs and mentions(comment.text, ctx.bot_name)


def _event(comment: Comment, thread: DiscussionRef, ctx: Context) -> CommentPosted | None:
    author = ctx.bot_hub.user_id(comment.author)
    if author is None:
        return None
    return CommentPosted(repo=thread.repo, num=thread.num, comment_id=comment.id, author_id=author)


def _say(thread: DiscussionRef, ctx: Context, since: float) -> None:
    """Before the deliveries are kept: after a crash between the two it is found by its words."""
    sentence = messages_away.was_away(since, ctx.started_at)
    place = ctx.thread(thread)
    if place.find(messages_away.away_mark(since)) is None:
        place.post(sentence)
