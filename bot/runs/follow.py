"""A worker that fell silent: look at its Job, its record and the last line of its log."""

from contextlib import suppress

from pydantic import ValidationError

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.errors import HubError, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.hub.client import HubClient
from bot.hub.jobs import Jobs
from bot.runs.launch import ended_at, errored
from worker.contract import RECORD_BUCKET, ProgressEvent, Report

REPORT_LIMIT = 1 << 20
GRACE = 300.0
CATCH_UP = 5.0


def is_silent(view: Snapshot, ctx: Context) -> bool:
    run = view.run
    return run.state is RunState.RUNNING and run.report is None and ctx.clock() >= next_look(run, ctx)


def next_look(run: Run, ctx: Context) -> float:
    """When a worker that says nothing until then is looked for.

    What was said while this bot was down is lost to it, so after a start it looks soon: the worker gets a few
    seconds to say again what it could not.
    """
    last = max(run.heard_at or 0, run.launched_at or 0, run.looked_at or 0)
    if last < ctx.started_at:
        return min(ctx.started_at + CATCH_UP, ctx.started_at + ctx.limits.silence_seconds)
    return last + ctx.limits.silence_seconds


def look_for_job(view: Snapshot, ctx: Context) -> Run:
    """Find the report that did not arrive, or see that the Job still runs, or that it is lost."""
    run = view.run
    assert run.job_id is not None
    try:
        with ctx.accounts.acting_for(run.requester.id) as (hub, token):
            jobs = Jobs(hub, token, run.requester.name)
            is_over = jobs.inspect(run.job_id).is_over
            report = _report(run, hub, jobs) if is_over else None
            if report:
                ctx.run_events.add(run.id, _events(run, hub))
    except TokenGone:
        return ended_midway(run, ctx)
    except HubError as error:
        if error.status == 404:
            return errored(run, ctx, messages.job_lost())
        raise
    return _conclusion(run, ctx, report, is_over=is_over)


def ended_midway(run: Run, ctx: Context) -> Run:
    """The connection that the Job was launched with is no more."""
    said = messages_account.ended_midway(ended_at(run, ctx), ctx.links.job(run), ctx.links)
    return errored(run, ctx, said)


def _conclusion(run: Run, ctx: Context, report: Report | None, *, is_over: bool) -> Run:
    now = ctx.clock()
    if report:
        ctx.runs.hear(run.id, now, report)
        return run.model_copy(update={"report": report, "looked_at": now})
    if is_over:
        return errored(run, ctx, messages.job_lost())
    if now > (run.launched_at or now) + ctx.job_plan.minutes * 60 + GRACE:
        return errored(run, ctx, messages.too_late())
    return run.model_copy(update={"looked_at": now})


def _report(run: Run, hub: HubClient, jobs: Jobs) -> Report | None:
    """The report out of the bucket, which is late at times, or out of the Job's log."""
    assert run.job_id is not None
    for text in (hub.get_bytes(_path(run, "report.json"), REPORT_LIMIT), jobs.report_line(run.job_id)):
        if text:
            try:
                report = Report.model_validate_json(text)
            except ValidationError:
                continue
            if report.run_id == run.id:
                return report
    return None


def _events(run: Run, hub: HubClient) -> list[ProgressEvent]:
    """What the worker said while nobody heard it, as its record has it."""
    lines = (hub.get_bytes(_path(run, "events.jsonl"), REPORT_LIMIT) or b"").splitlines()
    events = []
    for line in lines:
        with suppress(ValidationError):
            events.append(ProgressEvent.model_validate_json(line))
    return events


def _path(run: Run, name: str) -> str:
    return f"/buckets/{run.requester.name}/{RECORD_BUCKET}/resolve/runs/{run.id}/{name}"
