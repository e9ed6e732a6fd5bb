"""The page of a Job: what runs, how far it is, and what it writes."""

import shlex
from collections import deque
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub import job_records
from bot.localhub.accounts import Caller, TheHub
from bot.localhub.pages.page import PageRoute, SignedIn, show
from bot.localhub.state import Hub

router = APIRouter(route_class=PageRoute, include_in_schema=False)
LINES = 1000
"""The end of a log that is shown."""


@router.get("/jobs/{owner}/{job_id}")
def job_page(request: Request, hub: TheHub, viewer: SignedIn, owner: str, job_id: str) -> HTMLResponse:
    return show(request, "job.html", **_context(hub, viewer, owner, job_id))


@router.get("/jobs/{owner}/{job_id}/progress")
def job_progress(request: Request, hub: TheHub, viewer: SignedIn, owner: str, job_id: str) -> HTMLResponse:
    """Only stage, times and log: the part of the page that stays fresh."""
    return show(request, "job_progress.html", **_context(hub, viewer, owner, job_id))


def _context(hub: Hub, viewer: Caller, owner: str, job_id: str) -> dict[str, Any]:
    job = job_records.find(hub, owner, job_id, viewer)
    return {
        "job": job,
        "command": shlex.join([*job.command, *job.arguments]),
        "log": deque(job_records.log_of(hub, job.id).texts(), LINES),
    }
