"""Who asks, and how often they may."""

from collections.abc import Iterable

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from .trouble import TooMany


class Rates:
    """Counts the calls of each caller. In memory: another process counts anew."""

    def __init__(self, *rules: tuple[str, str]) -> None:
        """`rules`: what is counted, and how much of it is allowed, as in `20/minute`."""
        self._rules = [(kind, parse(rate)) for kind, rate in rules]
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, **who: str) -> None:
        """Count one call for each kind; TooMany with a sentence where one has had its share."""
        for kind, rate in self._rules:
            if not self._limiter.hit(rate, kind, who[kind]):
                share = f"{rate.amount} in {rate.get_expiry()} seconds at most"
                raise TooMany(f"Too many parts were asked for: {share}. Try again in a minute.")


def address_of(peer: str | None, forwarded: Iterable[str], proxies: int) -> str:
    """The caller's address. Of `X-Forwarded-For` only what our own proxies have written counts: the entries
    before that are the caller's own claims."""
    hops = [hop.strip() for line in forwarded for hop in line.split(",") if hop.strip()]
    if proxies and hops:
        return hops[-min(proxies, len(hops))]
    return peer or "unknown"
