"""`rebuild`: a Space of the requester's brought up to date, judged in a staging Space first."""

from dataclasses import replace

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome
from handlers.build import latest_space, request_of, start
from worker.contract import Kind


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    request = request_of(command, asked, ctx, Kind.BUILD)
    before = latest_space(ctx, asked.requester, request.model_id)
    if before is None or before.report is None:
        raise UserError("E_SPACE", messages.no_space_yet(request.model_id))
    again = replace(request, rebuild_of=before.report.space_id, model_repo=before.model_repo)
    return start(ctx, again, force=command.wishes.force)
