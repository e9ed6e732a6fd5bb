"""What is decided about a watch is kept like what is decided about a command: `why` and run pages tell it."""

from bot.context import Context
from bot.domain.models import ChannelRef, run_id_for
from bot.domain.watching import Watch
from bot.store.decisions import Decision
from bot.store.discord_answers import AwaitedAnswer
from handlers.asked import Asked, Outcome, reply
from handlers.commands import is_silent_here

TOLD_WHO_ASKS = "I_SKIP"


def asked_by(watch: Watch, what: str) -> Asked:
    """The watch in place of a person's comment; `what` tells its decisions apart."""
    return Asked(f"watch:{watch.id}:{what}", watch.requester, watch.thread)


def note(watch: Watch, what: str, outcome: Outcome, ctx: Context) -> None:
    """Keep it, and say it once for as long as the watch goes on as it is."""
    asked = asked_by(watch, f"{what}:{outcome.code}:{watch.since}")
    sentence = outcome.sentence or ""
    said = outcome.code != TOLD_WHO_ASKS and not _was_said(watch, outcome, ctx)
    if said and not is_silent_here("watch", asked, ctx):
        await_answer(asked, ctx)
        reply(asked, sentence, ctx)
    ctx.decisions.put(
        Decision(
            id=asked.decision_id,
            at=ctx.clock(),
            requester_id=watch.requester.id,
            thread=watch.thread.key,
            verb="watch",
            code=outcome.code,
            sentence=sentence,
            run_id=_run_before(watch, ctx),
            said=said,
        )
    )


def await_answer(asked: Asked, ctx: Context) -> None:
    """On Discord nobody has just used a command, so it has to be known whose eyes the words are for."""
    links = ctx.discord_links.of_hub(asked.requester.id) if isinstance(asked.thread, ChannelRef) else []
    if links:
        ctx.discord_answers.keep(
            AwaitedAnswer(
                key=f"{asked.delivery_key}{asked.part}",
                run_id=run_id_for(asked.delivery_key),
                decision_id=asked.decision_id,
                interaction_id="",
                user_id=links[0].discord_id,
                is_ephemeral=False,
                token=None,
                created_at=ctx.clock(),
            )
        )


def _was_said(watch: Watch, outcome: Outcome, ctx: Context) -> bool:
    return ctx.decisions.was_said(
        watch.requester.id, watch.thread.key, outcome.code, outcome.sentence or "", watch.since
    )


def _run_before(watch: Watch, ctx: Context) -> str | None:
    """The run on whose page it is told: the last one that made the Space what it is."""
    runs = ctx.runs.of_watch(watch.id, limit=1)
    before = runs[0] if runs else ctx.runs.succeeded_for(watch.requester.id, watch.model_id)
    return before.id if before else None
