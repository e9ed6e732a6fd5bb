"""After a time away, or with a memory that is older than the world: read what was asked, once, and go on.

The Hub tries to deliver for a while only. Runs, Jobs and watched models that this database knows need nothing
here: their rows say when to look, and at a start that is now. What it does not know any more is in the
threads: a comment makes the same run again, and that finds its message by its mark and its Job by its label.
"""

import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.context import Context
from bot.domain import messages_away
from bot.domain.errors import HubError
from bot.domain.events import CommentPosted
from bot.domain.living_message import runs_spoken_of
from bot.domain.messages import reply_mark
from bot.domain.models import DiscussionRef, decision_id_for, run_id_for, thread_of
from bot.domain.parser import mentions
from bot.first_hand import OVERLAP
from bot.hub.discussions import Comment
from bot.hub.webhooks import heard_repos
from bot.log import fields
from bot.runs.follow import GRACE
from bot.runs.lost import end_lost
from bot.store.moments import Moment

log = logging.getLogger(__name__)

AWAY = 120.0
"""Seconds; for less the Hub's own repeated deliveries suffice."""
LONGEST = 7 * 24 * 3600.0
"""Who waited longer has asked again, or does not want it any more."""
SLACK = 60.0


@dataclass(frozen=True)
class Away:
    """Since when something may have been missed, and why."""

    since: float
    is_lost: bool = False
    """This database began empty: nothing from before is in it."""
    is_copy: bool = False
    """It is as it was at that time, and the world went on."""
    look_at: float = 0.0

    @property
    def is_first(self) -> bool:
        return self.look_at == 0


def away_since(ctx: Context) -> Away | None:
    """What has to be caught up on, if anything has."""
    copied, last = ctx.moments.get(Moment.COPIED), ctx.moments.get(Moment.ALIVE)
    if copied is not None:
        return Away(copied, is_copy=True)
    if last is None:
        # As long as a run can be open: what waits for a sign-in, and then its Job.
        still_open = ctx.limits.sign_in_seconds + ctx.job_plan.minutes * 60 + GRACE
        return Away(ctx.started_at - still_open, is_lost=True)
    ctx.moments.forget(Moment.LOST)
    return Away(last) if ctx.started_at - last > AWAY else None


def still_alive(ctx: Context) -> None:
    ctx.moments.put(Moment.ALIVE, ctx.clock())


def catch_up(ctx: Context, away: Away) -> Away | None:
    """Put every comment that was missed on the road that deliveries take; what is left to look at later.
    HubUnavailable: try later."""
    away = replace(away, since=max(away.since, ctx.started_at - LONGEST))
    if away.is_lost and away.is_first:
        ctx.moments.put(Moment.LOST, ctx.started_at)
    missed = sum(_read(thread, ctx, away) for thread in _threads(ctx, away))
    log.info("caught up", extra=fields(since=away.since, missed=missed))
    if away.is_first and (away.is_copy or away.is_lost):
        return replace(away, look_at=ctx.clock() + OVERLAP)
    ctx.moments.forget(Moment.COPIED)
    ctx.moments.forget(Moment.LOST)
    return None


def _threads(ctx: Context, away: Away) -> list[DiscussionRef]:
    """Where we spoke before, and discussions that were begun meanwhile: as many as are read at most."""
    most = ctx.limits.catch_up_threads
    found = list(itertools.islice(dict.fromkeys(_all_threads(ctx, away, most)), most + 1))
    if len(found) > most:
        log.warning("more threads than are read again: CATCH_UP_THREADS", extra=fields(most=most))
        ctx.moments.put(Moment.CUT_SHORT, ctx.clock())
    return found[:most]


def _all_threads(ctx: Context, away: Away, most: int) -> Iterator[DiscussionRef]:
    """A thread may come twice. One more than `most`, of any kind, shows that there are too many."""
    keys = ctx.decisions.threads_since(away.since - ctx.limits.catch_up_seconds, most + 1)
    for ref in map(thread_of, keys):
        if isinstance(ref, DiscussionRef):
            yield ref
    begun = 0.0 if away.is_lost else away.since - SLACK
    for repo in heard_repos(ctx.bot_hub, f"{ctx.links.bot}/webhooks/hub", most + 1):
        try:
            nums = ctx.discussions.begun_since(repo, begun, most + 1)
        except HubError:
            continue
        for num in nums:
            yield DiscussionRef(repo=repo, num=num)


def _read(thread: DiscussionRef, ctx: Context, away: Away) -> int:
    try:
        comments = ctx.discussions.comments(thread.repo, thread.num)
    except HubError:
        return 0
    for_us = [each for each in comments if _is_for_us(each, ctx, away.since)]
    ours = [each for each in comments if each.author == ctx.bot_name and not each.hidden]
    asked = {each.id: event for each in for_us if (event := _event(each, thread, ctx))}
    if away.is_lost:
        runs = {run_id_for(asked[each.id].key) for each in for_us if each.id in asked and not each.edited}
        _end_what_nobody_asks_for(thread, ours, runs, ctx)
    fresh = [each for each in asked.values() if not ctx.deliveries.is_known(each.key)]
    unheard = [each for each in fresh if not _is_spoken_of(each, ours)]
    if unheard and not away.is_lost and ctx.started_at - away.since > AWAY:
        _say(thread, ctx, away.since)
    if fresh:
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


def _is_spoken_of(event: CommentPosted, ours: Sequence[Comment]) -> bool:
    """Whether we have said something to it, which only this database does not know."""
    said = "\n".join(each.text for each in ours)
    return f"`{run_id_for(event.key)}`" in said or reply_mark(decision_id_for(f"{event.key}:0")) in said


def _end_what_nobody_asks_for(
    thread: DiscussionRef, ours: Sequence[Comment], asked: set[str], ctx: Context
) -> None:
    """Runs of ours that are not over and that no comment brings back, such as those of a watch."""
    living, answered = runs_spoken_of([(each.id, each.text) for each in ours])
    for run_id in living.keys() - answered - asked:
        if ctx.runs.get(run_id) is None:
            end_lost(ctx.thread(thread), run_id, living[run_id], ctx)


def _say(thread: DiscussionRef, ctx: Context, since: float) -> None:
    """Before the deliveries are kept: after a crash between the two it is found by its words."""
    sentence = messages_away.was_away(since, ctx.started_at)
    place = ctx.thread(thread)
    if place.find(messages_away.away_mark(since)) is None:
        place.post(sentence)
