"""Look at a watched model: is there a version that its watch waits for, and is it still the same model?

What it is like now is compared with what it was like at the last look, so it does not matter which deliveries
came, how often, or in which order; and looking now and then finds what was never told.
"""

import logging
from contextlib import suppress

from bot.context import Context
from bot.domain import messages_watching
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.watching import (
    Paused,
    Seen,
    Version,
    Watch,
    changed_files,
    new_version,
    why_it_does_not_matter,
)
from bot.hub.client import HubClient
from bot.hub.versions import Versions, card_data, contents, read_versions
from bot.log import fields
from handlers.asked import Outcome
from handlers.commands import is_silent_here
from handlers.new_version import build
from handlers.of_watch import asked_by, note
from handlers.watchers import attend

log = logging.getLogger(__name__)

EVERY = 6 * 3600.0
"""Seconds between two looks that nothing asked for."""
LONGEST_LOOK = 600.0
TRY_AGAIN = 60.0
TRIES = 3
"""A model that was just made or moved is not to be seen at times."""


def look(watch_id: str, ctx: Context) -> None:
    """Never raises."""
    watch = ctx.watches.take(watch_id, ctx.clock(), LONGEST_LOOK + ctx.limits.burst_seconds)
    if watch is None:
        return
    try:
        due_at = _look(watch, ctx)
    except HubUnavailable as trouble:
        due_at = ctx.clock() + (trouble.retry_after or TRY_AGAIN)
    except Exception:
        log.exception("look failed", extra=fields(watch=watch.id))
        due_at = ctx.clock() + TRY_AGAIN * 5
    ctx.watches.settle(watch, due_at)


def _look(watch: Watch, ctx: Context) -> float:
    """When to look again."""
    user_id = watch.requester.id
    try:
        with ctx.accounts.acting_for(user_id) as (hub, _):
            versions = read_versions(hub, watch.model_id, ctx.bot_name)
        with suppress(HubError):  # without its webhook it is still looked at now and then
            attend(user_id, ctx)
    except TokenGone:
        note(watch, "token", Outcome(messages_watching.connection_ended(ctx.links), "E_TOKEN"), ctx)
        return ctx.clock() + EVERY
    except HubError as error:
        return _not_to_be_seen(watch, error, ctx)
    if not _is_still_the_same(watch, versions, ctx):
        return ctx.clock() + EVERY
    return _compare(watch, versions.seen, hub, ctx)


def _compare(watch: Watch, now: Seen, hub: HubClient, ctx: Context) -> float:
    version = new_version(watch.wishes, watch.seen, now)
    reason = _why_not(watch, version, hub, ctx) if version else None
    if version and reason is None:
        return build(watch, version, now, ctx) or ctx.clock() + EVERY
    if version and reason:
        note(watch, version.sha, Outcome(messages_watching.skipped(version, reason), "I_SKIP"), ctx)
    ctx.watches.change(watch.id, seen=now.model_dump(mode="json"), tries=0)
    return ctx.clock() + EVERY


def _why_not(watch: Watch, version: Version, hub: HubClient, ctx: Context) -> str | None:
    """Why this version makes no other Space. A tag, or the card's, says by itself that it does."""
    if is_silent_here("watch", asked_by(watch, version.sha), ctx):
        return messages_watching.silent_here()
    if version.cause != "`main`":
        return None
    before = contents(hub, watch.model_id, watch.seen.main)
    after = contents(hub, watch.model_id, version.sha)
    if before is None or after is None:
        return None
    cards = [card_data(hub, watch.model_id, each) for each in (watch.seen.main, version.sha)]
    return why_it_does_not_matter(changed_files(before, after), same_card_data=cards[0] == cards[1])


def _is_still_the_same(watch: Watch, versions: Versions, ctx: Context) -> bool:
    if versions.repo_id != watch.repo_id:
        _pause(
            watch, Paused.GONE, messages_watching.paused_as_it_is_gone(watch, ctx.links, is_another=True), ctx
        )
        return False
    if versions.model_id != watch.model_id:
        said = messages_watching.paused_as_it_moved(watch, versions.model_id, ctx.links)
        _pause(watch, Paused.MOVED, said, ctx)
        return False
    return True


def _not_to_be_seen(watch: Watch, error: HubError, ctx: Context) -> float:
    if error.status not in {401, 403, 404}:
        raise error
    if watch.tries + 1 < TRIES:
        ctx.watches.change(watch.id, tries=watch.tries + 1)
        return ctx.clock() + TRY_AGAIN
    _pause(
        watch, Paused.GONE, messages_watching.paused_as_it_is_gone(watch, ctx.links, is_another=False), ctx
    )
    return ctx.clock() + EVERY


def _pause(watch: Watch, why: Paused, sentence: str, ctx: Context) -> None:
    """Said before it is so: after a crash between the two it is looked at again, and not said again."""
    note(watch, f"{why}:{watch.since}", Outcome(sentence, "I_PAUSED"), ctx)
    ctx.watches.pause(watch.id, why)
