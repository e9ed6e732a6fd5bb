"""`why`: the last decision about this person here, with its reason code."""

from bot.context import Context
from bot.domain import messages
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    decision = ctx.decisions.latest(asked.requester.id, asked.thread.key, not_verb="why")
    if decision is None:
        return Outcome(messages.nothing_decided())
    run = ctx.runs.get(decision.run_id) if decision.run_id else None
    return Outcome(
        messages.why(decision.verb, decision.code, decision.sentence, decision.at, run, ctx.links),
        run_id=decision.run_id,
    )
