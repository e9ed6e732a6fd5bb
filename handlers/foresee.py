"""What a command would start and what that may cost, before it is asked for: nothing of it is kept."""

from dataclasses import dataclass

from bot.context import Context
from bot.domain.models import Run
from bot.domain.parser import Command
from bot.runs import cost
from bot.runs.admit import foreseen
from handlers import build, validate
from handlers.asked import Asked
from worker.contract import Kind


@dataclass(frozen=True)
class Foresight:
    """Amounts in dollars; None where a price is not known."""

    run: Run
    cap: float
    minutes: int
    """After which its Job is stopped."""
    most: float | None
    """What the Job costs if it runs for so long."""
    for_the_author: float
    for_hardware: float
    """What the Space's hardware may cost an hour."""
    spent: float
    """This calendar month."""
    month: float
    """The most that a month may cost."""


def foresee(command: Command, asked: Asked, ctx: Context) -> Foresight:
    """UserError with the sentence that asking for it would be answered with."""
    if command.row.name == "validate":
        run = foreseen(ctx, validate.request_of(command, asked, ctx))
    else:
        request = build.request_of(command, asked, ctx, Kind.BUILD)
        run = foreseen(ctx, request, None if command.wishes.force else build.nothing_new)
    return Foresight(
        run=run,
        cap=run.wishes.budget or 0.0,
        minutes=cost.job_minutes(run, ctx),
        most=cost.most(run, ctx),
        for_the_author=cost.for_the_author(run, ctx),
        for_hardware=cost.left_per_hour(run, ctx),
        spent=cost.spent_this_month(asked.requester.id, ctx),
        month=ctx.preferences.of(asked.requester.id).monthly_budget,
    )
