"""Deliveries as an attacker would make them: with the right secret, and lies in the body."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2

from bot.store.deliveries import DeliveryState
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import World


def payload(
    thread: Thread, comment_id: str, author_id: str, text: str = "@space-factory build"
) -> dict[str, Any]:
    return {
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {"type": "model", "name": thread.repo, "id": "0" * 24, "private": False},
        "discussion": {"id": "0" * 24, "title": "x", "num": thread.num, "status": "open"},
        "comment": {"id": comment_id, "author": {"id": author_id}, "content": text, "hidden": False},
        "webhook": {"id": "0" * 24, "version": 3},
    }


def deliver(world: World, body: dict[str, Any]) -> httpx2.Response:
    headers = {"X-Webhook-Secret": world.webhook_secret}
    return httpx2.post(f"{world.url}/webhooks/hub", content=json.dumps(body), headers=headers, timeout=30)


def storm(world: World, body: dict[str, Any], times: int) -> list[int]:
    """The same delivery many times at once; the status of each answer."""
    with ThreadPoolExecutor(times) as pool:
        return [answer.status_code for answer in pool.map(lambda _: deliver(world, body), range(times))]


def all_done(world: World) -> None:
    """Every delivery that was taken had its effect."""
    wait_until(lambda: world.deliveries.count(DeliveryState.NEW) == 0, "every delivery's end", 60)
