"""What a Job's hardware costs, as the Hub says it now."""

from collections.abc import Callable

from bot.domain.errors import HubError, HubUnavailable
from bot.hub.client import HubClient, hub_trouble

FRESH_SECONDS = 3600.0


class Prices:
    """Asked for once an hour; when the Hub can't say, the last answer stays."""

    def __init__(self, client: HubClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, float] = {}
        self._asked_at = float("-inf")

    def usd_per_minute(self, flavor: str) -> float | None:
        """None where it is not known."""
        if self._clock() - self._asked_at > FRESH_SECONDS:
            self._look()
        return self._known.get(flavor)

    def _look(self) -> None:
        try:
            with hub_trouble():
                offers = self._client.api.list_jobs_hardware()
        except (HubError, HubUnavailable):
            return
        minutes = {"minute": 1, "hour": 60}
        self._known = {
            offer.name: offer.unit_cost_micro_usd / 1e6 / minutes[offer.unit_label]
            for offer in offers
            if offer.unit_label in minutes
        }
        self._asked_at = self._clock()
