"""The pages that explain, made of the tables that the code obeys: commands, limits and words."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain import meanings, messages_account, options, retention
from bot.domain.commands import COMMANDS, Target
from bot.store.api_keys import MOST_KEYS
from bot.store.preferences import BUDGET, MONTHLY_BUDGET
from bot.web.browser import Ctx
from bot.web.forms import VERBS
from bot.web.render import page
from handlers.watch import MOST_WATCHES

router = APIRouter(include_in_schema=False)


@router.get("/help")
def help_page(request: Request) -> Response:
    return page(request, "help.html", {"commands": COMMANDS, "no_target": Target.NONE, "forms": VERBS})


@router.get("/about")
def about(request: Request, ctx: Ctx) -> Response:
    values = {
        "limits": _limits(ctx),
        "verdicts": meanings.VERDICTS,
        "states": meanings.STATES,
        "modes": meanings.MODES,
        "scopes": messages_account.SCOPES,
        "kept": messages_account.KEPT,
        "hardware": ctx.prices.of_spaces(),
    }
    return page(request, "about.html", values)


def _limits(ctx: Context) -> list[tuple[str, str]]:
    plan, limits = ctx.job_plan, ctx.limits
    price = ctx.prices.usd_per_minute(plan.flavor)
    job = f"{plan.minutes} minutes on {plan.flavor}"
    return [
        ("A Job is stopped after", f"{job}, ${price:.4f} a minute" if price is not None else job),
        (
            "A run costs at most",
            f"${BUDGET:.2f}, unless you set it or say `budget=`; never over ${options.LARGEST_BUDGET:.0f}",
        ),
        ("A month costs at most", f"${MONTHLY_BUDGET:.2f}, unless you set it"),
        ("Open runs of one person", str(limits.open_runs_each)),
        ("Commands of one person in an hour", str(limits.commands_per_hour)),
        ("Watches of one person", str(MOST_WATCHES)),
        (
            "Builds that a watch starts in a day",
            f"1, unless you say `max=`; never more than {options.MOST_A_DAY}",
        ),
        ("API keys of one person", str(MOST_KEYS)),
        ("A request waits for your sign-in", retention.in_words(limits.sign_in_seconds)),
        (
            "Records in your bucket stay",
            f"{plan.kept.days} days, and the last {plan.kept.runs_of_a_space} of each Space for ever"
            if plan.kept.days
            else "for ever",
        ),
    ]
