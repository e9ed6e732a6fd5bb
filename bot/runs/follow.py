"""A worker that fell silent: look at its Job, its record and the last line of its log."""

import logging
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from pydantic import ValidationError

from bot.context import Context
from bot.domain import messages, messages_account
from bot.domain.errors import HubError, TokenGone
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot
from bot.hub.client import HubClient
from bot.hub.jobs import Job, Jobs
from bot.hub.records import read_record
from bot.log import fields
from bot.runs.launch import ended_at, errored
from worker.contract import ProgressEvent, Report

log = logging.getLogger(__name__)

REPORT_LIMIT = 1 << 20
GRACE = 300.0
CATCH_UP = 5.0
LONGEST_SILENCE = 300.0
"""Seconds between two looks at a worker that is silent for long, if there are not many runs."""
LOOKS_A_SECOND = 5
"""At the workers of all runs together: each takes a call of the Hub."""
LOOKS = 5
"""In a row, a worker's silence between two, before a Job that the Hub does not find counts as gone."""
LOOKS_FOR_A_REPORT = 2
"""Likewise, of a Job that is there and over."""


def is_silent(view: Snapshot, ctx: Context) -> bool:
    run = view.run
    return run.state is RunState.RUNNING and run.report is None and ctx.clock() >= next_look(run, ctx)


def next_look(run: Run, ctx: Context) -> float:
    """When a worker that says nothing until then is looked for.

    The longer it is silent, and the more runs are open, the longer a look may wait. What was said while this
    bot was down is lost to it, so after a start it looks soon: the worker gets a few seconds to say again
    what it could not, and of many runs one comes after the other.
    """
    spoke, looked = max(run.heard_at or 0, run.launched_at or 0), run.looked_at or 0
    least, round_seconds = ctx.limits.silence_seconds, ctx.runs.about_open(ctx.clock()) / LOOKS_A_SECOND
    if max(spoke, looked) < ctx.started_at:
        return ctx.started_at + min(CATCH_UP, least) + _place(run.id) * round_seconds
    silent = 0.0 if run.missed else min(looked - spoke, LONGEST_SILENCE)
    return max(spoke, looked) + max(least, round_seconds, silent)


def _place(run_id: str) -> float:
    """Where a run stands in a round of all, from 0 to 1: always the same, and evenly spread."""
    return zlib.crc32(run_id.encode()) / 0xFFFFFFFF


def look_for_job(view: Snapshot, ctx: Context) -> Run:
    """Find the report that did not arrive, or see that the Job still runs, or that it is lost."""
    run = view.run
    try:
        with ctx.accounts.acting_for(run.requester.id) as (hub, token):
            jobs = Jobs(hub, token, run.requester.name)
            job = _job(run, jobs)
            is_over = job is None or job.is_over
            report = _report(run, hub, jobs) if is_over else None
            if report:
                ctx.run_events.add(run.id, _events(run, hub))
    except TokenGone:
        return ended_midway(run, ctx)
    if is_over and report is None:
        return _not_found(run, ctx, is_there=job is not None)
    found = run.model_copy(update={"missed": 0, "job_id": job.id if job else run.job_id})
    return _conclusion(found, ctx, report)


def _job(run: Run, jobs: Jobs) -> Job | None:
    """By its id, else by its label: at times the Hub answers 404 for a Job that runs."""
    assert run.job_id is not None
    for look in (partial(jobs.inspect, run.job_id), partial(jobs.find, run.id)):
        try:
            if job := look():
                return job
        except HubError as error:
            if error.status != 404:
                raise
    return None


def _not_found(run: Run, ctx: Context, *, is_there: bool) -> Run:
    """No report of a Job that is over, or neither Job nor report: that may pass, unless several looks in a
    row say so and nobody is heard. What a Job wrote last comes into the bucket late."""
    was_heard = (run.heard_at or 0) > (run.looked_at or 0)
    missed = 1 if was_heard else run.missed + 1
    what = "report" if is_there else "Job"
    log.warning(f"the {what} is not found", extra=fields(run=run.id, job=run.job_id, missed=missed))
    if missed >= (LOOKS_FOR_A_REPORT if is_there else LOOKS):
        return errored(run, ctx, messages.job_lost() if is_there else messages.job_missing(missed))
    return run.model_copy(update={"missed": missed, "looked_at": ctx.clock()})


def ended_midway(run: Run, ctx: Context) -> Run:
    """The connection that the Job was launched with is no more."""
    said = messages_account.ended_midway(ended_at(run, ctx), ctx.links.job(run), ctx.links)
    return errored(run, ctx, said)


def _conclusion(run: Run, ctx: Context, report: Report | None) -> Run:
    now = ctx.clock()
    if report:
        ctx.runs.hear(run.id, now, report)
        return run.model_copy(update={"report": report, "looked_at": now})
    if now > (run.launched_at or now) + ctx.job_plan.minutes * 60 + GRACE:
        return errored(run, ctx, messages.too_late())
    return run.model_copy(update={"looked_at": now})


def _report(run: Run, hub: HubClient, jobs: Jobs) -> Report | None:
    """The report out of the bucket, which is late at times, or out of the Job's log."""
    for text in _reports(run, hub, jobs):
        if text:
            try:
                report = Report.model_validate_json(text)
            except ValidationError:
                continue
            if report.run_id == run.id:
                return report
    return None


def _reports(run: Run, hub: HubClient, jobs: Jobs) -> Iterator[bytes | str | None]:
    assert run.job_id is not None
    yield read_record(hub, run, "report.json", REPORT_LIMIT)
    yield jobs.report_line(run.job_id)


def _events(run: Run, hub: HubClient) -> list[ProgressEvent]:
    """What the worker said while nobody heard it, as its record has it."""
    lines = (read_record(hub, run, "events.jsonl", REPORT_LIMIT) or b"").splitlines()
    events = []
    for line in lines:
        with suppress(ValidationError):
            events.append(ProgressEvent.model_validate_json(line))
    return events
