"""Which hardware a model gets: what is free first, then the cheapest that may be paid. Pure; no I/O."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from worker.estimate import Estimate, Place, in_gb
from worker.hardware_fit import USABLE, Slot, slots_of, unfit
from worker.hardware_offers import Offer

SLEEP_SECONDS = 15 * 60
"""Paid hardware sleeps after this long without a visit."""


class Wishes(BaseModel):
    """What the requester asked for and allows."""

    model_config = ConfigDict(frozen=True)

    hardware: str | None = None
    """A flavor that is preferred; naming a paid one allows it."""
    fallback: str = "none"
    """`none`, `any`, or the one paid flavor that is allowed where nothing free fits."""
    most_usd_per_hour: float | None = None
    sdk: str = "gradio"


class Obstacle(StrEnum):
    """Why there is no choice."""

    TOO_LARGE = "multi_gpu"
    """No single GPU has the memory."""
    NOT_POSSIBLE = "no_hardware"
    NOT_ALLOWED = "paid_hardware"
    """Only hardware that costs money fits, and the requester has not allowed it."""


class Option(BaseModel):
    """Hardware that fits."""

    model_config = ConfigDict(frozen=True)

    flavor: str
    size: str | None = None
    """Of a ZeroGPU call: large or xlarge."""
    place: Place
    usd_per_hour: float | None
    allowed: bool
    why: str

    @property
    def sleep_seconds(self) -> int | None:
        """When it goes to sleep; None where the Hub decides."""
        return None if self.usd_per_hour == 0 else SLEEP_SECONDS


class Refused(BaseModel):
    """Hardware that does not fit."""

    model_config = ConfigDict(frozen=True)

    flavor: str
    size: str | None = None
    reason: str


class Choice(BaseModel):
    """The hardware, or none with the reason."""

    model_config = ConfigDict(frozen=True)

    chosen: Option | None
    reason: str
    obstacle: Obstacle | None = None
    alternatives: tuple[Option, ...] = ()
    """What else fits, the next best first."""
    refusals: tuple[Refused, ...] = ()

    @property
    def fallbacks(self) -> tuple[Option, ...]:
        """What may be tried, in this order, where the Hub refuses the choice."""
        first = {option.flavor: option for option in reversed(self.alternatives) if option.allowed}
        chosen = self.chosen and self.chosen.flavor
        return tuple(
            each for each in self.alternatives if first.get(each.flavor) is each and each.flavor != chosen
        )


def choose(estimate: Estimate, offers: tuple[Offer, ...], wishes: Wishes) -> Choice:
    """The hardware for an estimate."""
    options: list[Option] = []
    refusals: list[Refused] = []
    for slot in slots_of(offers):
        flavor = slot.offer.name
        if reason := unfit(slot, estimate, wishes.sdk):
            refusals.append(Refused(flavor=flavor, size=slot.size, reason=reason))
        else:
            options.append(_option(slot, estimate, wishes))
    options.sort(key=lambda option: option.flavor != wishes.hardware)
    allowed = [option for option in options if option.allowed]
    if not allowed:
        return _nothing(estimate, options, refusals, offers, wishes)
    chosen = allowed[0]
    return Choice(
        chosen=chosen,
        reason=_reason(chosen, refusals, offers, wishes),
        alternatives=tuple(option for option in options if option is not chosen),
        refusals=tuple(refusals),
    )


def _option(slot: Slot, estimate: Estimate, wishes: Wishes) -> Option:
    offer = slot.offer
    if offer.place is Place.CPU:
        memory = f" of {in_gb(offer.ram)}" if offer.ram else ""
        why = f"it takes {in_gb(estimate.cpu_bytes)}{memory} memory, and a CPU answers in time"
    else:
        why = f"it takes {in_gb(estimate.gpu_bytes)} of {in_gb(slot.vram)} GPU memory"
    return Option(
        flavor=offer.name,
        size=slot.size,
        place=offer.place,
        usd_per_hour=offer.usd_per_hour,
        allowed=_allowed(offer, wishes),
        why=f"{why}, {price_of(offer.usd_per_hour)}",
    )


def _allowed(offer: Offer, wishes: Wishes) -> bool:
    if offer.free:
        return True
    named = offer.name in {wishes.hardware, wishes.fallback}
    cap = wishes.most_usd_per_hour
    if offer.usd_per_hour is None:
        return named and cap is None
    return (named or wishes.fallback == "any") and (cap is None or offer.usd_per_hour <= cap)


def _reason(chosen: Option, refusals: list[Refused], offers: tuple[Offer, ...], wishes: Wishes) -> str:
    named = f"{chosen.flavor} ({chosen.size})" if chosen.size else chosen.flavor
    said = f"{named}: {chosen.why}."
    if wishes.hardware in {None, chosen.flavor}:
        return said
    refused = [each.reason for each in refusals if each.flavor == wishes.hardware]
    known = any(offer.name == wishes.hardware for offer in offers)
    instead = (
        refused[-1] if refused else "it costs more than you allow" if known else "the Hub does not offer it"
    )
    return f"{said} Not {wishes.hardware}, which you asked for: {instead}."


def _nothing(
    estimate: Estimate,
    options: list[Option],
    refusals: list[Refused],
    offers: tuple[Offer, ...],
    wishes: Wishes,
) -> Choice:
    largest = max((offer.vram for offer in offers), default=0)
    if options:
        best = options[0]
        obstacle = Obstacle.NOT_ALLOWED
        reason = (
            f"Nothing that is free fits, and you have not allowed what does: {best.flavor} ({best.why})."
            f" {_permission(best, wishes)}"
        )
    elif not estimate.closed.get(Place.GPU) and estimate.gpu_bytes > largest * USABLE:
        obstacle = Obstacle.TOO_LARGE
        unpacked = " because the GGUF file is unpacked to 16 bits" if estimate.unpacked else ""
        reason = (
            f"It needs {in_gb(estimate.gpu_bytes)} of GPU memory{unpacked}, and the largest single GPU that"
            f" the Hub offers has {in_gb(largest)}, of which {in_gb(int(largest * USABLE))} can be used."
            f" {_smaller(estimate)}"
        )
    else:
        obstacle = Obstacle.NOT_POSSIBLE
        reason = f"No hardware fits: {_why_none(refusals)}. {_smaller(estimate)}"
    return Choice(
        chosen=None,
        reason=reason,
        obstacle=obstacle,
        alternatives=tuple(options),
        refusals=tuple(refusals),
    )


def _permission(option: Option, wishes: Wishes) -> str:
    """How to allow it."""
    again = f"ask again with the option fallback={option.flavor}."
    cap, price = wishes.most_usd_per_hour, option.usd_per_hour
    if cap is None or (price is not None and price <= cap):
        return f"To allow it, {again}"
    return f"Your price cap is ${cap:.2f} an hour: raise it, and {again}"


def _why_none(refusals: list[Refused]) -> str:
    """Against the first, which is a CPU, and against the last, which is the dearest GPU."""
    reasons = [each.reason for each in refusals] or ["the Hub offers none"]
    return " and ".join(dict.fromkeys((reasons[0], reasons[-1])))


def _smaller(estimate: Estimate) -> str:
    """What to ask for instead."""
    if not estimate.files:
        return "Ask for a repo or a revision that has the weights."
    if len(estimate.closed) == len(Place):
        return "Ask for another version of this model."
    if estimate.is_packed:
        return "Ask for a smaller model of the same kind."
    return "Ask for a smaller model of the same kind, or for one in 4 bits (AWQ, bitsandbytes)."


def price_of(usd_per_hour: float | None) -> str:
    if usd_per_hour is None:
        return "at a price that the Hub does not give"
    return "free" if usd_per_hour == 0 else f"${usd_per_hour:.2f} an hour"
