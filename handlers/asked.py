"""`Asked`: who asked for something, where, and under which delivery; `Outcome`: what came of it."""

from dataclasses import dataclass

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef, Requester, ThreadRef, decision_id_for
from bot.domain.owner_voice import OwnerVoice
from bot.hub.models import Model
from bot.store.decisions import Decision

A_DAY = 24 * 3600.0
ALWAYS_SAID = frozenset({"OK", "I_NONE"})
"""Codes of answers to a question; the others are refusals."""


@dataclass(frozen=True)
class Asked:
    delivery_key: str
    requester: Requester
    thread: ThreadRef
    part: str = ""
    """Tells the commands of one delivery apart."""
    voice: OwnerVoice | None = None
    """What the owner of the thread's repo has to say, where that was just read."""
    model: Model | UserError | None = None
    """That repo as the requester sees it, where they just looked, or why they don't."""
    said_before: tuple[str, ...] | None = None
    """What we have said in this thread, where that was just read."""

    @property
    def decision_id(self) -> str:
        return decision_id_for(f"{self.delivery_key}{self.part}")


@dataclass(frozen=True)
class Outcome:
    """What a command came to. Without a sentence nothing is said: the run speaks, or silence is due."""

    sentence: str | None
    code: str = "OK"
    run_id: str | None = None


def conclude(asked: Asked, verb: str, outcome: Outcome, ctx: Context) -> None:
    """Say what came of it, once, and keep why. A refusal is not said twice to the same person in a day."""
    said = outcome.sentence is not None and not _was_said(asked, outcome, ctx)
    if said and outcome.sentence:
        reply(asked, outcome.sentence, ctx)
    ctx.decisions.put(_decision(asked, verb, outcome, ctx, said=said))


def notice(asked: Asked, outcome: Outcome, ctx: Context) -> None:
    """Likewise, where several deliveries at once may have the same to say: whoever keeps it first says it."""
    said = outcome.sentence is not None and not _was_said(asked, outcome, ctx)
    is_first = ctx.decisions.put(_decision(asked, "", outcome, ctx, said=said))
    if is_first and said and outcome.sentence:
        reply(asked, outcome.sentence, ctx)


def _decision(asked: Asked, verb: str, outcome: Outcome, ctx: Context, *, said: bool) -> Decision:
    return Decision(
        id=asked.decision_id,
        at=ctx.clock(),
        requester_id=asked.requester.id,
        thread=asked.thread.key,
        verb=verb,
        code=outcome.code,
        sentence=outcome.sentence or "",
        run_id=outcome.run_id,
        said=said,
    )


def reply(asked: Asked, sentence: str, ctx: Context) -> None:
    """Answer in the thread, once: a reply that carries this decision's id is not posted again."""
    if not _is_there(asked, ctx):
        own = ctx.invitations.personal(sentence, asked.requester)
        ctx.thread(asked.thread).post(messages.reply(own, asked.decision_id, ctx.links))


def _is_there(asked: Asked, ctx: Context) -> bool:
    """Whether this answer was posted already, before a crash."""
    mark = messages.reply_mark(asked.decision_id)
    if asked.said_before is not None:
        return any(mark in said for said in asked.said_before)
    return ctx.thread(asked.thread).find(mark) is not None


def _was_said(asked: Asked, outcome: Outcome, ctx: Context) -> bool:
    # Whoever uses a command on Discord, or the API, sees that an answer is awaited: there is always one.
    if outcome.code in ALWAYS_SAID or not isinstance(asked.thread, DiscussionRef):
        return False
    return ctx.decisions.was_said(
        asked.requester.id, asked.thread.key, outcome.code, outcome.sentence or "", ctx.clock() - A_DAY
    )
