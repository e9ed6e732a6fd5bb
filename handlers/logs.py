"""`logs`: the end of the run's log, for whoever asked for the run; of a private model just the link."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone
from bot.domain.models import Run
from bot.domain.parser import Command
from bot.runs.launch import jobs_of
from handlers.asked import Asked, Outcome
from handlers.which_run import own_run_of

LINES = 15


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    run = own_run_of(command, asked, ctx)
    lines = [] if run.is_private or run.job_id is None else _last_lines(run, ctx)
    return Outcome(messages.logs(run, lines, ctx.links), run_id=run.id)


def _last_lines(run: Run, ctx: Context) -> list[str]:
    assert run.job_id
    try:
        with jobs_of(run, ctx) as jobs:
            return jobs.last_lines(run.job_id, LINES)
    except (TokenGone, HubError):
        return []
