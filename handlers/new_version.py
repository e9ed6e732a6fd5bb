"""A watched model has a version that its watch waits for: it is built, or it is said why not."""

from bot.context import Context
from bot.domain import messages_watching
from bot.domain.errors import UserError
from bot.domain.models import Run
from bot.domain.watching import Seen, Version, Watch
from bot.runs.admit import Request
from handlers.asked import Outcome
from handlers.build import latest_space, start
from handlers.of_watch import asked_by, await_answer, note
from handlers.owner import may_build_here
from worker.contract import Kind

A_DAY = 24 * 3600.0
SOON = 2.0
"""Seconds until a run that was replaced has stopped, or nearly."""
LATER = 300.0
NOTHING_TO_DO = frozenset({"I_SAME", "I_ATTACH"})
COME_AGAIN = frozenset({"E_RATE", "E_PAUSED"})


def build(watch: Watch, version: Version, now: Seen, ctx: Context) -> float | None:
    """When to look again, if not at the usual time. A version that waits is not counted as seen."""
    runs = ctx.runs.of_watch(watch.id)
    is_open = next((each for each in runs if not each.state.is_final), None)
    if is_open and is_open.sha != version.sha:
        ctx.runs.supersede(is_open.id, f"`{version.sha[:7]}`, which is newer")
        ctx.look_at(is_open.id)
        return ctx.clock() + SOON
    if is_open is None and (free_at := _next_free(runs, watch, ctx)):
        sentence = messages_watching.postponed(version, watch.wishes.most_per_day)
        note(watch, f"{version.sha}:later", Outcome(sentence, "I_SKIP"), ctx)
        return free_at
    if is_open is None and (again := _start(watch, version, ctx)):
        return again
    ctx.watches.change(watch.id, seen=now.model_dump(mode="json"), tries=0)
    return None


def _next_free(runs: list[Run], watch: Watch, ctx: Context) -> float | None:
    """When the watch may build again; None if it may now. What was replaced doesn't count."""
    counted = [each.created_at for each in runs if not each.superseded_by]
    recent = [at for at in counted if at > ctx.clock() - A_DAY]
    if len(recent) < watch.wishes.most_per_day:
        return None
    return sorted(recent, reverse=True)[watch.wishes.most_per_day - 1] + A_DAY + 1


def _start(watch: Watch, version: Version, ctx: Context) -> float | None:
    try:
        _may_start(ctx)
        await_answer(asked_by(watch, version.sha), ctx)
        start(ctx, _request(watch, version, ctx), force=False)
    except UserError as refused:
        if refused.code in COME_AGAIN:
            return ctx.clock() + LATER
        if refused.code in NOTHING_TO_DO:
            sentence = messages_watching.skipped(version, "it is built already, or just now")
            note(watch, version.sha, Outcome(sentence, "I_SKIP"), ctx)
        else:
            sentence = messages_watching.refused(version, str(refused))
            note(watch, version.sha, Outcome(sentence, refused.code), ctx)
    return None


def _may_start(ctx: Context) -> None:
    if ctx.preferences.switch("pause"):
        raise UserError("E_PAUSED", "")


def _request(watch: Watch, version: Version, ctx: Context) -> Request:
    """The delivery's key is the watch and the version: however often it is looked at, it is one run."""
    asked = asked_by(watch, version.sha)
    loudest = may_build_here(asked, ctx)
    space = latest_space(ctx, watch.requester, watch.model_id)
    wishes = watch.wishes
    return Request(
        delivery_key=asked.delivery_key,
        requester=watch.requester,
        thread=watch.thread,
        kind=Kind.BUILD,
        model_id=watch.model_id,
        wishes=wishes.model_copy(update={"rev": version.sha, "notify": wishes.notify.at_most(loudest)}),
        rebuild_of=space.report.space_id if space and space.report else None,
        watch_id=watch.id,
    )
