"""What a webhook is held to: so many events a day, and a far end that answers, else it is switched off."""

from bot.localhub.state import Hub, Record, now
from bot.localhub.webhook_records import Webhook

EVENTS_PER_DAY = 1000
FAILURES_BEFORE_SUSPENSION = 5
"""Deliveries given up in a row."""
REASON = (
    "Suspended: {count} deliveries in a row were never answered with 2xx. Repair it, then enable it again."
)


class Today(Record):
    """How many events a webhook was told of on a day. Stored under the webhook's id."""

    day: str
    events: int


def count_event(hub: Hub, webhook: Webhook) -> bool:
    """Count one more event; False when the webhook has had its share for today."""
    day = now()[:10]
    with hub.lock:
        known = hub.all(Today).get(webhook.id)
        events = known.events if known is not None and known.day == day else 0
        if events >= EVENTS_PER_DAY:
            return False
        hub.all(Today).put(webhook.id, Today(day=day, events=events + 1))
    return True


def note_end(hub: Hub, webhook_id: str, *, delivered: bool) -> None:
    """A delivery has ended. One that arrived forgives those before; too many that did not suspend."""
    with hub.lock:
        webhook = hub.all(Webhook).get(webhook_id)
        if webhook is None or (delivered and not webhook.failures):
            return
        failures = 0 if delivered else webhook.failures + 1
        if failures >= FAILURES_BEFORE_SUSPENSION and not webhook.disabled:
            suspend(hub, webhook, failures)
        else:
            hub.all(Webhook).put(webhook_id, webhook.model_copy(update={"failures": failures}))


def suspend(hub: Hub, webhook: Webhook, failures: int = FAILURES_BEFORE_SUSPENSION) -> None:
    """Switch the webhook off as after this many failures, and keep the reason for its owner."""
    changes = {"disabled": True, "suspended": REASON.format(count=failures), "failures": failures}
    hub.all(Webhook).put(webhook.id, webhook.model_copy(update=changes))
