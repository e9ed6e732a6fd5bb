"""What takes more than its author has allowed waits, and goes on by itself once they have allowed it.

A build waits as a run; this is for everything else.
"""

import logging

from bot.context import Context
from bot.domain.events import ApiAsked, CommentPosted, Event, InteractionAsked
from bot.log import fields
from bot.store.waiting_requests import WaitingRequest
from handlers.asked import Asked

log = logging.getLogger(__name__)


def wait(asked: Asked, scopes: tuple[str, ...], ctx: Context) -> bool:
    """Keep what was asked for. False if too much of this person's waits already."""
    request = WaitingRequest(
        key=f"{asked.delivery_key}{asked.part}",
        user_id=asked.requester.id,
        delivery_key=asked.delivery_key,
        part=asked.part,
        scopes=" ".join(scopes),
        created_at=ctx.clock(),
    )
    return ctx.waiting_requests.wait(request)


def go_on(user_id: str, ctx: Context) -> None:
    """This person has signed in: what they asked for before becomes deliveries of its own."""
    now = ctx.clock()
    for watch in ctx.watches.of(user_id):
        ctx.watches.ask(watch.id, now)
    for request in ctx.waiting_requests.of(user_id, not_before=now - ctx.limits.sign_in_seconds):
        event = ctx.deliveries.event_of(request.delivery_key)
        again = _again(event, request.part) if event else None
        if again:
            ctx.deliveries.put([again], now)
        ctx.waiting_requests.goes_on(request.key)
        if again:
            log.info("a request goes on", extra=fields(delivery=again.key))
            ctx.engine.deliver(again.key)


def _again(event: Event, part: str) -> Event | None:
    match event:
        case CommentPosted():
            number = int(part.removeprefix(":") or 0)
            return event.model_copy(update={"again": event.again + 1, "number": number})
        case InteractionAsked():
            return event.model_copy(update={"again": event.again + 1, "answer": None})
        case ApiAsked():
            return event.model_copy(update={"again": event.again + 1})
        case _:
            return None
