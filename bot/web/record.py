"""What the record of a run holds besides its report, for its requester: checklist, files and logs."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain import messages_page
from bot.domain.errors import HubUnavailable
from bot.domain.models import Run
from bot.web.api.commands import RUN_ID
from bot.web.artifacts import from_record, own_run
from bot.web.browser import Ctx, Visitor
from bot.web.render import message_page, page
from handlers.logs import last_lines
from worker.contract import Evidence

LARGEST = 256 << 10
"""Bytes of a file that are shown; its owner has all of it."""
LOG_LINES = 400
JOB_LOG = "The Job's log"
FILES = (
    *("report.md", "state.json", "events.jsonl", "inference_gate.json", "runtime_recommendation.json"),
    *("target_space.json", "TECHNICAL_BLOCKERS.json", "tests/api_schema.json", "tests/test_result.json"),
    *("logs/space_build.txt", "logs/space_run.txt", JOB_LOG),
)

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}/record")
def record(
    request: Request,
    run_id: Annotated[str, Path(pattern=RUN_ID)],
    ctx: Ctx,
    visitor: Visitor,
    file: str = FILES[0],
) -> Response:
    run = own_run(ctx, run_id, visitor)
    if run is None:
        return message_page(request, "No such record", messages_page.no_such_file(), status=404)
    shown = file if file in FILES else FILES[0]
    values = {
        "run": run,
        "files": FILES,
        "file": shown,
        "text": _text(ctx, run, shown),
        "checklist": _checklist(ctx, run),
    }
    return page(request, "record.html", values)


def _text(ctx: Context, run: Run, name: str) -> str | None:
    if name == JOB_LOG:
        return _job_log(ctx, run)
    content = from_record(ctx, run, name, LARGEST)
    return None if content is None else content.decode(errors="replace")


def _job_log(ctx: Context, run: Run) -> str | None:
    try:
        return "\n".join(last_lines(run, ctx, LOG_LINES)) or None
    except HubUnavailable:
        return None


def _checklist(ctx: Context, run: Run) -> list[Evidence]:
    """As the worker left it; none where there is none, or none that can be read."""
    try:
        found = json.loads(from_record(ctx, run, "checklist.json", LARGEST) or b"{}")
        return [_item(each) for each in found["items"]]
    except (ValueError, KeyError, TypeError):
        return []


def _item(item: dict[str, str]) -> Evidence:
    said = Evidence.model_validate(item)
    return said.model_copy(update={"detail": f"{said.detail} {item.get('fix', '')}".strip()})
