"""`why`: the last decision about this person here, with its reason code."""

from bot.context import Context
from bot.domain import messages
from bot.domain.models import ChannelRef, ThreadRef
from bot.domain.parser import Command
from bot.store.decisions import Decision
from handlers.asked import Asked, Outcome


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    decision = _latest(asked, ctx)
    if decision is None:
        return Outcome(messages.nothing_decided())
    is_of_a_run = decision.run_id and decision.code == "OK"
    run = ctx.runs.get(decision.run_id) if is_of_a_run and decision.run_id else None
    return Outcome(
        messages.why(decision.verb, decision.code, decision.sentence, decision.at, run, ctx.links),
        run_id=decision.run_id,
    )


def _latest(asked: Asked, ctx: Context) -> Decision | None:
    """In a channel, what was for everyone and what was for one's own eyes are one place to whoever asks."""
    places: list[ThreadRef] = [asked.thread]
    if isinstance(asked.thread, ChannelRef):
        places = [asked.thread.model_copy(update={"is_private": each}) for each in (True, False)]
    found = [ctx.decisions.latest(asked.requester.id, place.key, not_verb="why") for place in places]
    return max((each for each in found if each), key=lambda each: each.at, default=None)
