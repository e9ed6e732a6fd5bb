"""Which model writes, and at which provider: from the router's own list, before the first token is paid for.

One provider is pinned for the whole run, so that the prices counted are the prices paid.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worker.author.asking import MOST_OUTPUT
from worker.author.ledger import Prices

DEFAULT = "Qwen/Qwen3-Coder-Next"
LEAST_CONTEXT = 32_768
"""Tokens: the brief, an app.py read and written twice, and a log."""
USUAL_BUILD = (375_000, 15_000)
"""Tokens in and out of about 25 requests, to compare prices by."""
UNKNOWN_PRICES = Prices(3.0, 15.0)
"""Counted where a provider names none: the dear end of what there is."""
FASTEST, CHEAPEST, PREFERRED = "fastest", "cheapest", "preferred"
TIMEOUT = httpx2.Timeout(30, connect=10)


class NoModel(Exception):
    """No model can write; the message says why and what to do."""


class Pricing(BaseModel):
    model_config = ConfigDict(frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Provider(BaseModel):
    """One company that serves a model through the router. Only its name and status are always told."""

    model_config = ConfigDict(frozen=True)

    provider: str
    status: str
    context_length: int | None = None
    pricing: Pricing | None = None
    is_free: bool | None = None
    supports_tools: bool | None = None
    throughput: float | None = None

    @property
    def prices(self) -> Prices:
        if self.is_free:
            return Prices(0, 0)
        return Prices(self.pricing.input, self.pricing.output) if self.pricing else UNKNOWN_PRICES

    @property
    def live(self) -> bool:
        return self.status == "live"

    @property
    def has_room(self) -> bool:
        return self.context_length is None or self.context_length >= LEAST_CONTEXT


class Listed(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    providers: tuple[Provider, ...] = ()


@dataclass(frozen=True)
class ChosenModel:
    """A model at one provider."""

    id: str
    provider: str
    context: int
    """Tokens."""
    prices: Prices
    tools: bool
    """Whether the provider says that it can call tools; without them only the direct backend writes."""

    @property
    def name(self) -> str:
        """What a request to the router calls it."""
        return f"{self.id}:{self.provider}"

    @property
    def output(self) -> int:
        """Tokens that one answer may have."""
        return min(MOST_OUTPUT, self.context // 4)


def read_list(upstream: str, token: str) -> tuple[Listed, ...]:
    """All models of the router. Raises NoModel."""
    try:
        answer = httpx2.get(
            f"{upstream}/models", headers={"authorization": f"Bearer {token}"}, timeout=TIMEOUT
        )
        answer.raise_for_status()
        rows = answer.json()["data"]
    except httpx2.HTTPStatusError as error:
        raise NoModel(_status_sentence(error.response.status_code)) from error
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise NoModel(
            "The list of models of Inference Providers could not be read. Try again in a while."
        ) from error
    return tuple(_readable(rows))


def choose(
    models: Iterable[Listed], wanted: str = DEFAULT, *, tools: bool = True, avoid: Iterable[str] = ()
) -> ChosenModel:
    """The wanted model at the provider that suits best. Raises NoModel.

    `wanted` may end in `:fastest`, `:cheapest`, `:preferred` or a provider's name, as at the router; without
    one it is the cheapest. `avoid` are providers that failed in this run.
    """
    model_id, _, suffix = (wanted.strip() or DEFAULT).partition(":")
    listed = next((model for model in models if model.id.lower() == model_id.lower()), None)
    if listed is None:
        raise NoModel(f"Inference Providers does not serve {model_id}. {OTHER_MODEL}")
    fit = _fitting(listed, suffix, tools, frozenset(avoid))
    best = min(fit, key=_throughput_order if suffix == FASTEST else _price_order)
    return ChosenModel(
        id=listed.id,
        provider=best.provider,
        context=best.context_length or LEAST_CONTEXT,
        prices=best.prices,
        tools=bool(best.supports_tools),
    )


OTHER_MODEL = "Choose another model to write with; huggingface.co/inference/models lists them."


def _fitting(listed: Listed, suffix: str, tools: bool, avoid: frozenset[str]) -> list[Provider]:
    """The providers that can do it, or a sentence on what the last of them lacked."""
    left = [provider for provider in listed.providers if provider.provider not in avoid]
    if suffix not in ("", FASTEST, CHEAPEST, PREFERRED):
        left = [provider for provider in left if provider.provider == suffix]
    for lacked, holds in (
        ("no provider that this run could still ask", lambda _: True),
        ("no provider that is up", lambda provider: provider.live),
        ("no provider that calls tools", lambda provider: bool(provider.supports_tools) or not tools),
        (f"no provider that reads {LEAST_CONTEXT:,} tokens at once", lambda provider: provider.has_room),
    ):
        left = [provider for provider in left if holds(provider)]
        if not left:
            at = f" at {suffix}" if suffix else ""
            raise NoModel(f"{listed.id}{at} has {lacked} at the moment. {OTHER_MODEL}")
    return left


def _price_order(provider: Provider) -> tuple[float, float]:
    return provider.prices.of(*USUAL_BUILD), -(provider.throughput or 0)


def _throughput_order(provider: Provider) -> tuple[float, float]:
    return -(provider.throughput or 0), provider.prices.of(*USUAL_BUILD)


def _readable(rows: object) -> Iterable[Listed]:
    """The rows in the shape we know; another one is another model's matter."""
    for row in rows if isinstance(rows, list) else []:
        try:
            yield Listed.model_validate(row)
        except ValidationError:
            continue


def _status_sentence(status: int) -> str:
    match status:
        case 401 | 403:
            return (
                "Your connection does not allow calls to Inference Providers. "
                "Connect again and allow them, or build without the agent."
            )
        case 402:
            return "Inference Providers asks for payment: your account's credits are used up."
        case _:
            return f"Inference Providers answered {status} when asked for its models. Try again in a while."
