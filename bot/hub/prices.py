"""What hardware costs, as the Hub says it now: that of Jobs, and that of Spaces."""

from collections.abc import Callable
from dataclasses import dataclass

from huggingface_hub import JobHardwareInfo

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.hub.client import HubClient, hub_trouble

FRESH_SECONDS = 3600.0
MINUTES = {"minute": 1, "hour": 60}
"""The units that prices come in."""


@dataclass(frozen=True)
class Offer:
    """One kind of hardware; `name` is the Hub's own."""

    name: str
    title: str
    usd_per_minute: float


class Prices:
    """Asked for once an hour; when the Hub can't say, the last answer stays."""

    def __init__(self, client: HubClient, clock: Callable[[], float]) -> None:
        self._jobs = _List(client.api.list_jobs_hardware, clock)
        self._spaces = _List(client.api.list_spaces_hardware, clock)

    def usd_per_minute(self, flavor: str) -> float | None:
        """Of a Job's; None where it is not known."""
        return next((each.usd_per_minute for each in self._jobs.now() if each.name == flavor), None)

    def of_spaces(self) -> tuple[Offer, ...]:
        """What a Space can run on; empty where the Hub has never said it."""
        return self._spaces.now()


class _List:
    def __init__(self, ask: Callable[[], list[JobHardwareInfo]], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: tuple[Offer, ...] = ()
        self._asked_at = float("-inf")

    def now(self) -> tuple[Offer, ...]:
        if self._clock() - self._asked_at > FRESH_SECONDS:
            self._look()
        return self._known

    def _look(self) -> None:
        try:
            with hub_trouble():
                offers = self._ask()
        except (HubError, HubUnavailable, TokenGone):
            return
        self._known = tuple(
            Offer(each.name, each.pretty_name, each.unit_cost_micro_usd / 1e6 / MINUTES[each.unit_label])
            for each in offers
            if each.unit_label in MINUTES
        )
        self._asked_at = self._clock()
