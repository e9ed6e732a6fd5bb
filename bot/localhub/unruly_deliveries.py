"""How a delivery goes wrong when a switch says so: lost, late, twice, overtaken, or the last one."""

from bot.localhub import webhook_limits
from bot.localhub.misbehaviour import Switch, asks
from bot.localhub.state import Hub
from bot.localhub.webhook_records import Webhook

LATE = 2.0
_overtaken: set[str] = set()
"""Webhooks of which a delivery is being held back, so that the next one comes first."""


def pauses(hub: Hub, webhook: Webhook) -> list[float]:
    """How long each copy of the next delivery waits, in seconds: one of 0, unless a switch says otherwise."""
    if asks(hub, Switch.WEBHOOK_LOST, webhook.id):
        return []
    if asks(hub, Switch.WEBHOOK_SUSPENDED, webhook.id):
        webhook_limits.suspend(hub, webhook)
        return []
    if asks(hub, Switch.WEBHOOK_TWICE, webhook.id):
        return [0, 0]
    if late := asks(hub, Switch.WEBHOOK_LATE, webhook.id):
        return [LATE if late.seconds is None else late.seconds]
    if webhook.id in _overtaken:
        _overtaken.discard(webhook.id)
    elif swapped := asks(hub, Switch.WEBHOOK_REORDERED, webhook.id):
        _overtaken.add(webhook.id)
        return [LATE if swapped.seconds is None else swapped.seconds]
    return [0]
