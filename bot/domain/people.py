"""A person's account, as far as it is told: never a token."""

from dataclasses import dataclass

from bot.domain.retention import HOUR

EARLY = 4 * HOUR
"""So long before a connection ends its person is told, if nothing renews it."""


@dataclass(frozen=True)
class Person:
    """Who a browser session belongs to."""

    user_id: str
    name: str


@dataclass(frozen=True)
class About:
    """What is kept about an account, besides its tokens. Times are seconds since the epoch."""

    user_id: str
    name: str
    scopes: tuple[str, ...]
    connected_at: float
    used_at: float | None
    expires_at: float
    renews: bool
    """Whether the Hub gave a token that renews this connection by itself."""

    def ends_soon(self, now: float) -> float | None:
        """When the connection ends, if that is soon and nothing renews it."""
        return None if self.renews or self.expires_at > now + EARLY else self.expires_at


@dataclass(frozen=True)
class Receipt:
    """What was erased."""

    had_tokens: bool
    sessions: int
