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
    lines = [] if run.is_private else last_lines(run, ctx, LINES)
    return Outcome(messages.logs(run, lines, ctx.links), run_id=run.id)


def last_lines(run: Run, ctx: Context, most: int) -> list[str]:
    """None where no Job ran, or the Hub does not give them."""
    if run.job_id is None:
        return []
    try:
        with jobs_of(run, ctx) as jobs:
            return jobs.last_lines(run.job_id, most)
    except (TokenGone, HubError):
        return []
