"""`retry`: the same again, with other wishes where some are given."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.parser import Command
from bot.runs.admit import Request
from handlers.asked import Asked, Outcome
from handlers.build import start
from handlers.which_run import own_run_of
from worker.contract import Kind


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    run = own_run_of(command, asked, ctx)
    if not run.state.is_final:
        raise UserError("I_ATTACH", messages.already_building(run.id, ctx.links), run.id)
    changed = {name: getattr(command.wishes, name) for name in command.given}
    request = Request(
        delivery_key=asked.delivery_key,
        requester=asked.requester,
        thread=asked.thread,
        kind=run.kind,
        scopes=command.row.scopes,
        model_repo=run.model_repo,
        model_id=run.model_id,
        space_id=run.target_space if run.kind is Kind.VALIDATE else None,
        rebuild_of=run.rebuild_of,
        wishes=run.wishes.model_copy(update=changed),
    )
    return start(ctx, request, force=True)
