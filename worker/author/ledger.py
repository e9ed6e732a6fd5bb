"""Counts what the agent's requests took, and says no when the run's budget is spent.

Prices are the router's list prices; the account is billed by Hugging Face, so `usd` is an estimate. A request
that ended without a word on its use (the agent hung up, the provider broke off) counts as its size says.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from worker.author.turns import Budget

BYTES_PER_TOKEN = 3
"""Of a request or an answer as JSON; more tokens than there are, so that nothing is had for free."""
TEMPLATE_TOKENS = 256
"""What the model's chat template may add to a request."""
LEAST_OUTPUT = 256
"""Tokens. An answer that had to be shorter would only be a cut-off one."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Prices:
    """US dollars per million tokens."""

    input: float
    output: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.input + tokens_out * self.output) / MILLION


@dataclass(frozen=True)
class Use:
    """Tokens of one request, as the provider counted them or as we estimate them."""

    tokens_in: int
    tokens_out: int
    estimated: bool = False


@dataclass(frozen=True)
class Entry:
    """One request, as it ended. Status 0: there was no whole answer."""

    status: int
    seconds: float
    tokens_in: int
    tokens_out: int
    estimated: bool
    usd: float
    provider: str = ""
    problem: str = ""
    at: float = field(default_factory=time.time)


@dataclass(frozen=True)
class Totals:
    requests: int = 0
    tokens: int = 0
    usd: float = 0.0

    def __sub__(self, before: "Totals") -> "Totals":
        return Totals(self.requests - before.requests, self.tokens - before.tokens, self.usd - before.usd)


NOTHING = Totals()


def input_of(size: int) -> int:
    """Tokens, at most, of a request of `size` bytes."""
    return size // BYTES_PER_TOKEN + TEMPLATE_TOKENS


class Spent(Exception):
    """The budget does not allow this request; the message says what is used up."""


class Ledger:
    """Safe for threads. `before` was spent by an earlier worker; `admitted` is called for each request that
    is let in, before it goes out.
    """

    def __init__(
        self,
        budget: Budget,
        prices: Prices,
        before: Totals = NOTHING,
        admitted: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget = budget
        self.prices = prices
        self.entries: list[Entry] = []
        self._before, self._tell = before, admitted
        self._lock = threading.Lock()
        self._open: dict[int, Use] = {}
        self._admitted = 0
        self.last_heard = time.monotonic()
        """When a provider last sent something."""

    def totals(self) -> Totals:
        with self._lock:
            return self._sum()

    def held(self) -> Totals:
        """The totals with what is in flight, at its most."""
        with self._lock:
            so_far, flying = self._sum(), list(self._open.values())
        tokens = sum(use.tokens_in + use.tokens_out for use in flying)
        usd = sum(self.prices.of(use.tokens_in, use.tokens_out) for use in flying)
        return Totals(so_far.requests + len(flying), so_far.tokens + tokens, so_far.usd + usd)

    def admit(self, size: int, output: int) -> tuple[int, int]:
        """Let a request of `size` bytes in that asks for so many tokens of output.

        Returns its number and the output that it may have: all that is in flight fits into what is left.
        Raises Spent.
        """
        with self._lock:
            so_far = self._sum()
            if so_far.requests + len(self._open) >= self.budget.requests:
                raise Spent(f"the run may ask its model {self.budget.requests} times, and has")
            tokens_in = input_of(size)
            affordable = self._affordable(so_far, tokens_in)
            if affordable < min(output, LEAST_OUTPUT):
                raise Spent(self._what_is_spent(so_far))
            output = min(output, affordable)
            self._admitted += 1
            number = self._admitted
            self._open[number] = Use(tokens_in, output, estimated=True)
        self._tell()
        return number, output

    def close(
        self, number: int, status: int, seconds: float, use: Use, *, provider: str = "", problem: str = ""
    ) -> None:
        """Write down how an admitted request ended."""
        usd = self.prices.of(use.tokens_in, use.tokens_out)
        entry = Entry(
            status=status,
            seconds=round(seconds, 3),
            tokens_in=use.tokens_in,
            tokens_out=use.tokens_out,
            estimated=use.estimated,
            usd=round(usd, 7),
            provider=provider,
            problem=problem,
        )
        with self._lock:
            del self._open[number]
            self.entries.append(entry)

    def _sum(self) -> Totals:
        tokens = sum(each.tokens_in + each.tokens_out for each in self.entries)
        usd, before = sum(each.usd for each in self.entries), self._before
        return Totals(before.requests + len(self.entries), before.tokens + tokens, before.usd + usd)

    def _affordable(self, so_far: Totals, tokens_in: int) -> int:
        """Tokens of output that are left after this input and all that is in flight."""
        flying_in = sum(use.tokens_in for use in self._open.values()) + tokens_in
        flying_out = sum(use.tokens_out for use in self._open.values())
        tokens = self.budget.tokens - so_far.tokens - flying_in - flying_out
        usd = self.budget.usd - so_far.usd - self.prices.of(flying_in, flying_out)
        if self.prices.output <= 0:
            return tokens if usd >= 0 else 0
        return min(tokens, int(usd * MILLION / self.prices.output))

    def _what_is_spent(self, so_far: Totals) -> str:
        return (
            f"the run's budget is spent: {so_far.tokens} of {self.budget.tokens} tokens, "
            f"${so_far.usd:.3f} of ${self.budget.usd:.2f}, and the next request would take more than is left"
        )
