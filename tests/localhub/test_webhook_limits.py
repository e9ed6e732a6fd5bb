"""A webhook's daily share, and its suspension when nobody answers at the far end."""

from pathlib import Path

from bot.localhub.state import Hub
from bot.localhub.webhook_limits import EVENTS_PER_DAY, FAILURES_BEFORE_SUSPENSION, count_event, note_end
from bot.localhub.webhook_records import Webhook


def one_webhook(folder: Path) -> tuple[Hub, Webhook]:
    hub = Hub("http://localhost", folder)
    webhook = Webhook(
        id="w", owner="alice", url="http://localhost:9/", watched=(), domains=("repo",), created_at="2026"
    )
    return hub, hub.all(Webhook).put(webhook.id, webhook)


def test_more_events_than_a_days_share_are_not_sent(tmp_path: Path) -> None:
    hub, webhook = one_webhook(tmp_path)
    assert all(count_event(hub, webhook) for _ in range(EVENTS_PER_DAY))
    assert not count_event(hub, webhook)


def test_failures_in_a_row_suspend_it_and_say_why(tmp_path: Path) -> None:
    hub, webhook = one_webhook(tmp_path)
    for _ in range(FAILURES_BEFORE_SUSPENSION - 1):
        note_end(hub, webhook.id, delivered=False)
    note_end(hub, webhook.id, delivered=True)
    for _ in range(FAILURES_BEFORE_SUSPENSION):
        found = hub.all(Webhook).get(webhook.id)
        assert found is not None and not found.disabled
        note_end(hub, webhook.id, delivered=False)
    found = hub.all(Webhook).get(webhook.id)
    assert found is not None and found.disabled
    assert f"{FAILURES_BEFORE_SUSPENSION} deliveries in a row" in (found.suspended or "")
