"""Deliveries of webhooks: sent in the background, tried again with growing pauses, every attempt on record.

A delivery is stored before it is sent, so a restart goes on with those that are still pending.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx2
from pydantic import BaseModel, ConfigDict

from bot.localhub import job_launch, unruly_deliveries, webhook_limits
from bot.localhub.errors import HubError
from bot.localhub.state import Hub, Record, now
from bot.localhub.webhook_records import Webhook

PAUSES = (1, 4, 16, 64, 256)
"""Seconds to wait after each failed attempt; after the last one the delivery has failed."""
TIMEOUT = 30
JOURNAL_LENGTH = 200
"""Finished deliveries kept per webhook."""


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Attempt(BaseModel):
    """One try. `status` is the HTTP status of the answer, `error` says why there was none."""

    model_config = ConfigDict(frozen=True)

    at: str
    seconds: float
    status: int | None = None
    error: str | None = None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Delivery(Record):
    id: str
    webhook: str
    status: DeliveryStatus = DeliveryStatus.PENDING
    created_at: str
    next_at: float = 0
    """Unix time before which it is not tried again."""
    body: dict[str, Any]
    attempts: tuple[Attempt, ...] = ()


@dataclass
class _Courier:
    """The running side: one task per pending delivery, on the loop of the app."""

    hub: Hub
    loop: asyncio.AbstractEventLoop
    client: httpx2.AsyncClient
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(20))

    def take(self, delivery_id: str) -> None:
        task = self.loop.create_task(_deliver(self, delivery_id))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


_couriers: dict[Path, _Courier] = {}
"""By the folder of their Hub."""


def send(hub: Hub, webhook: Webhook, body: dict[str, object]) -> None:
    """Store the delivery and hand it over; returns at once. Before `start` it only waits."""
    for pause in unruly_deliveries.pauses(hub, webhook):
        _hand_over(hub, webhook, body, pause)


def _hand_over(hub: Hub, webhook: Webhook, body: dict[str, object], pause: float = 0) -> Delivery:
    delivery = Delivery(
        id=secrets.token_hex(12),
        webhook=webhook.id,
        created_at=now(),
        next_at=time.time() + pause,
        body=body,
    )
    hub.all(Delivery).put(delivery.id, delivery)
    courier = _couriers.get(hub.folder)
    if courier is not None:
        courier.loop.call_soon_threadsafe(courier.take, delivery.id)
    return delivery


def replay(hub: Hub, webhook: Webhook, delivery_id: str) -> Delivery | None:
    """Send the body of an old delivery again, as a new delivery, to where the webhook points now."""
    old = hub.all(Delivery).get(delivery_id)
    if old is None or old.webhook != webhook.id:
        return None
    return _hand_over(hub, webhook, old.body)


def deliveries_of(hub: Hub, webhook: Webhook) -> list[Delivery]:
    """The journal of a webhook, newest first."""
    return [delivery for delivery in hub.all(Delivery) if delivery.webhook == webhook.id][::-1]


async def start(hub: Hub) -> None:
    """Go on with what is pending, and take what comes."""
    # The environment's proxies are not asked: most webhooks of a local Hub are on loopback.
    client = httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False)
    courier = _couriers[hub.folder] = _Courier(hub, asyncio.get_running_loop(), client)
    for delivery in hub.all(Delivery):
        if delivery.status is DeliveryStatus.PENDING:
            courier.take(delivery.id)


async def stop(hub: Hub) -> None:
    """Stop sending. What is pending stays so and is sent after the next start."""
    courier = _couriers.pop(hub.folder, None)
    if courier is None:
        return
    tasks = list(courier.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await courier.client.aclose()


async def _deliver(courier: _Courier, delivery_id: str) -> None:
    while (delivery := courier.hub.all(Delivery).get(delivery_id)) is not None:
        webhook = courier.hub.all(Webhook).get(delivery.webhook)
        if webhook is None or delivery.status is not DeliveryStatus.PENDING:
            break
        await asyncio.sleep(max(0, delivery.next_at - time.time()))
        async with courier.slots:
            attempt = await _attempt(courier, webhook, delivery)
        _record(courier.hub, delivery, attempt)


async def _attempt(courier: _Courier, webhook: Webhook, delivery: Delivery) -> Attempt:
    began, at = time.monotonic(), now()
    if webhook.url is None:
        return await asyncio.to_thread(_start_job, courier.hub, webhook, delivery)
    headers = {"X-Webhook-Secret": webhook.secret} if webhook.secret else {}
    try:
        answer = await courier.client.post(webhook.url, json=delivery.body, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = f"{type(error).__name__}: {error}"
        return Attempt(at=at, seconds=time.monotonic() - began, error=reason[:500])
    return Attempt(at=at, seconds=time.monotonic() - began, status=answer.status_code)


def _start_job(hub: Hub, webhook: Webhook, delivery: Delivery) -> Attempt:
    """Run a copy of the webhook's Job on the event."""
    began, at = time.monotonic(), now()
    try:
        job_launch.start_for_webhook(hub, webhook, delivery.body)
    except HubError as refusal:
        seconds = time.monotonic() - began
        return Attempt(at=at, seconds=seconds, status=refusal.status, error=refusal.message)
    return Attempt(at=at, seconds=time.monotonic() - began, status=200)


def _record(hub: Hub, delivery: Delivery, attempt: Attempt) -> None:
    attempts = (*delivery.attempts, attempt)
    next_at = delivery.next_at
    if attempt.accepted:
        status = DeliveryStatus.DELIVERED
    elif len(attempts) > len(PAUSES):
        status = DeliveryStatus.FAILED
    else:
        status = DeliveryStatus.PENDING
        next_at = time.time() + PAUSES[len(attempts) - 1]
    update = {"attempts": attempts, "status": status, "next_at": next_at}
    hub.all(Delivery).put(delivery.id, delivery.model_copy(update=update))
    if status is not DeliveryStatus.PENDING:
        webhook_limits.note_end(hub, delivery.webhook, delivered=status is DeliveryStatus.DELIVERED)
        _trim(hub, delivery.webhook)


def _trim(hub: Hub, webhook_id: str) -> None:
    done = [
        delivery.id
        for delivery in hub.all(Delivery)
        if delivery.webhook == webhook_id and delivery.status is not DeliveryStatus.PENDING
    ]
    for delivery_id in done[:-JOURNAL_LENGTH]:
        hub.all(Delivery).delete(delivery_id)
