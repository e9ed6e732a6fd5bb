"""`validate`: a Space of the requester's is called with test inputs and judged."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.parser import Command
from bot.runs.admit import Request
from handlers.asked import Asked, Outcome
from handlers.build import start
from worker.contract import Kind


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    return start(ctx, request_of(command, asked, ctx), force=True)


def request_of(command: Command, asked: Asked, ctx: Context) -> Request:
    """What is asked for."""
    return Request(
        delivery_key=asked.delivery_key,
        requester=asked.requester,
        thread=asked.thread,
        kind=Kind.VALIDATE,
        scopes=command.row.scopes,
        space_id=command.target or _space_here(asked, ctx),
        wishes=command.wishes,
    )


def _space_here(asked: Asked, ctx: Context) -> str:
    """The Space of the latest run of this person here."""
    run = ctx.runs.latest_of(asked.requester.id, asked.thread)
    if run and run.report and run.report.space_id:
        return run.report.space_id
    raise UserError("E_OPT", messages.which_space())
