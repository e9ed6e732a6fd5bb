"""What a run may cost its requester, and for how long its Job may therefore run. Amounts in dollars."""

from datetime import UTC, datetime

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import Requester, Run, Wishes
from worker.contract import Author

LEAST_MINUTES = 5
"""Less is not worth starting."""


def cap(wishes: Wishes, requester: Requester, ctx: Context) -> float:
    """The most a run may cost: what its requester said, or has set."""
    return wishes.budget or ctx.preferences.of(requester.id).budget


def job_minutes(run: Run, ctx: Context) -> int:
    """The Job's time limit: the operator's, or less where the cap ends before."""
    price = ctx.prices.usd_per_minute(ctx.job_plan.flavor)
    return min(ctx.job_plan.minutes, int(_cap(run) / price)) if price else ctx.job_plan.minutes


def most(run: Run, ctx: Context) -> float | None:
    """What the Job costs if it runs to its limit; None where its price is not known."""
    price = ctx.prices.usd_per_minute(ctx.job_plan.flavor)
    return None if price is None else price * job_minutes(run, ctx)


def for_the_author(run: Run, ctx: Context) -> float:
    """What the language model that writes may cost: half of what the cap leaves beside the Job."""
    if run.wishes.author is Author.NONE:
        return 0.0
    return round(max(_cap(run) - (most(run, ctx) or 0.0), 0.0) / 2, 4)


def left_per_hour(run: Run, ctx: Context) -> float:
    """What the Space's hardware may cost an hour, so that it stays within the cap beside Job and author."""
    left = _cap(run) - (most(run, ctx) or 0.0) - for_the_author(run, ctx)
    return round(max(left, 0.0) * 60 / max(job_minutes(run, ctx), 1), 4)


def within_budget(run: Run, ctx: Context) -> None:
    """UserError if the cap is too small for any Job, or this month's limit would be passed."""
    price = ctx.prices.usd_per_minute(ctx.job_plan.flavor)
    if price and job_minutes(run, ctx) < LEAST_MINUTES:
        raise UserError("E_BUDGET", messages.budget_too_small(_cap(run), price * LEAST_MINUTES))
    spent = spent_this_month(run.requester.id, ctx)
    limit = ctx.preferences.of(run.requester.id).monthly_budget
    if spent + (most(run, ctx) or 0.0) > limit:
        raise UserError("E_BUDGET", messages.month_is_spent(spent, limit, ctx.links))


def spent_this_month(user_id: str, ctx: Context) -> float:
    """What this person's Jobs cost since the calendar month began, UTC."""
    now = ctx.clock()
    return ctx.runs.spent_since(user_id, _month(now), now)


def _cap(run: Run) -> float:
    """Decided when the run was admitted."""
    assert run.wishes.budget is not None
    return run.wishes.budget


def _month(now: float) -> float:
    """When this calendar month began, UTC."""
    moment = datetime.fromtimestamp(now, UTC)
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
