"""Webhook events: Discord tells the application that somebody has installed or removed it.

https://docs.discord.com/developers/events/webhook-events
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.harness.discord.clock import iso
from tests.harness.discord.errors import invalid

if TYPE_CHECKING:
    from tests.harness.discord.endpoint import Answer
    from tests.harness.discord.places import User
    from tests.harness.discord.state import State

PING, EVENT = 0, 1


class WebhookEvents:
    """`url` is None while nobody wants to hear of them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.url: str | None = None

    def set_to(self, url: str) -> None:
        """As in the developer portal: it must answer 204 to a PING, and 401 to a forged one."""
        good = self._post(url, {"type": PING})
        bad = self._post(url, {"type": PING}, forged=True)
        if (good.status, bad.status) != (204, 401):
            where = ("event_webhooks_url",)
            raise invalid(where, "APPLICATION_EVENT_WEBHOOKS_URL_INVALID", "The url could not be verified.")
        self.url = url

    def authorized(self, user: User) -> Answer | None:
        data = {"integration_type": 1, "user": user.json(), "scopes": ["applications.commands"]}
        return self._tell("APPLICATION_AUTHORIZED", data)

    def deauthorized(self, user: User) -> Answer | None:
        return self._tell("APPLICATION_DEAUTHORIZED", {"user": user.json()})

    def _tell(self, kind: str, data: dict[str, Any]) -> Answer | None:
        """What was answered, if somebody is told."""
        if self.url is None:
            return None
        event = {"type": kind, "timestamp": iso(self.state.clock.now()), "data": data}
        return self._post(self.url, {"type": EVENT, "event": event})

    def _post(self, url: str, body: dict[str, Any], *, forged: bool = False) -> Answer:
        endpoint = self.state.endpoint
        assert endpoint.loop, "the server was not started"
        document = {"version": 1, "application_id": self.state.application_id} | body
        signer = endpoint.stranger if forged else endpoint.signer
        work = endpoint.post(url, document, signer=signer)
        return asyncio.run_coroutine_threadsafe(work, endpoint.loop).result(15)
