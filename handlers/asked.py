"""`Asked`: who asked for a command, where, and under which delivery."""

from dataclasses import dataclass

from bot.context import Context
from bot.domain import messages
from bot.domain.models import Requester, ThreadRef, decision_id_for


@dataclass(frozen=True)
class Asked:
    delivery_key: str
    requester: Requester
    thread: ThreadRef


def reply(asked: Asked, sentence: str, ctx: Context, *, part: str = "") -> None:
    """Answer in the thread, once: a reply that carries this decision's id is not posted again.

    `part` tells the replies to one delivery apart.
    """
    decision_id = decision_id_for(f"{asked.delivery_key}{part}")
    thread = ctx.thread(asked.thread)
    if thread.find(messages.reply_mark(decision_id)) is None:
        thread.post(messages.reply(sentence, decision_id, ctx.links))
