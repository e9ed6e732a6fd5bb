"""What it means that the Hub refused hardware, and what a person can do about it. Pure; no I/O."""

import json
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class RefusalKind(StrEnum):
    """What is missing."""

    PLAN = "plan"
    """402: this account has no plan that may host such a Space."""
    PAYMENT = "payment"
    """402: no payment method, or no credit."""
    LIMIT = "limit"
    """403: as many Spaces of this hardware as the account may have."""
    FORBIDDEN = "forbidden"
    """403: the token or the role may not do this."""
    TOKEN = "token"  # noqa: S105  # a kind, not a secret
    """401: the token is not accepted for this."""
    UNKNOWN_HARDWARE = "unknown_hardware"
    """400, 404, 422: the Hub does not know this flavor, or not here."""
    BUSY = "busy"
    """429 and 5xx: later it may work."""
    OTHER = "other"


class Refusal(BaseModel):
    """A refusal, explained."""

    model_config = ConfigDict(frozen=True)

    kind: RefusalKind
    sentence: str
    """What happened and what the Hub said."""
    clicks: tuple[str, ...]
    """What to do by hand, in order."""
    command: str
    """What to say to the bot afterwards, without its name."""
    other_hardware_may_work: bool
    """Whether the next choice is worth a try."""


MEANINGS = {
    RefusalKind.PLAN: "your account's plan does not cover it",
    RefusalKind.PAYMENT: "there is no payment method or no credit for it",
    RefusalKind.LIMIT: "your account has as many Spaces on it as it may have",
    RefusalKind.FORBIDDEN: "your sign-in may not do that in this account",
    RefusalKind.TOKEN: "it does not accept an app's sign-in for that, or the sign-in has ended",
    RefusalKind.UNKNOWN_HARDWARE: "it does not offer that here",
    RefusalKind.BUSY: "it was too busy",
    RefusalKind.OTHER: "it gave no reason that we know",
}
FIRST_CLICKS = {
    RefusalKind.PLAN: ("Open https://huggingface.co/pro and choose a plan.",),
    RefusalKind.PAYMENT: (
        "Open https://huggingface.co/settings/billing and add a payment method or credit.",
    ),
    RefusalKind.LIMIT: (
        "Open https://huggingface.co/spaces, and pause or delete a Space that you no longer need.",
    ),
    RefusalKind.BUSY: ("Wait a few minutes.",),
}
OTHER_MAY_WORK = frozenset(
    {RefusalKind.PLAN, RefusalKind.PAYMENT, RefusalKind.LIMIT, RefusalKind.UNKNOWN_HARDWARE}
)


LIMIT_WORDS = ("limited to", "limit of", "maximum", "too many", "reached the")
PLAN_WORDS = ("subscription", "subscribe", "/pro", "pro plan", "pro account", "upgrade your plan")
BY_STATUS = {
    400: RefusalKind.UNKNOWN_HARDWARE,
    401: RefusalKind.TOKEN,
    402: RefusalKind.PAYMENT,
    403: RefusalKind.FORBIDDEN,
    404: RefusalKind.UNKNOWN_HARDWARE,
    422: RefusalKind.UNKNOWN_HARDWARE,
    429: RefusalKind.BUSY,
}


def refusal(status: int, body: str, *, flavor: str, space_id: str, endpoint: str) -> Refusal:
    """What the Hub's answer to a request for `flavor` means. `body` is its text, JSON or not."""
    said = _message(body)
    kind = _kind(status, said.lower())
    quoted = f" It said: {said}" if said else ""
    return Refusal(
        kind=kind,
        sentence=f"The Hub did not give {flavor} ({status}): {MEANINGS[kind]}.{quoted}",
        clicks=(
            *FIRST_CLICKS.get(kind, ()),
            f"Open {endpoint}/spaces/{space_id}/settings.",
            f"Under “Space Hardware” choose {flavor}, and confirm.",
        ),
        command=f"validate {space_id}",
        other_hardware_may_work=kind in OTHER_MAY_WORK,
    )


def _kind(status: int, said: str) -> RefusalKind:
    if status in {400, 402, 403} and _any(said, LIMIT_WORDS):
        return RefusalKind.LIMIT
    if status in {402, 403} and _any(said, PLAN_WORDS):
        return RefusalKind.PLAN
    return BY_STATUS.get(status, RefusalKind.BUSY if status >= 500 else RefusalKind.OTHER)


def _any(said: str, words: tuple[str, ...]) -> bool:
    return any(word in said for word in words)


def _message(body: str) -> str:
    """The Hub's own sentence, in one line of at most 300 characters."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None if body.lstrip().startswith("<") else body
    if isinstance(value, dict):
        value = value.get("error") or value.get("message")
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= 300 else text[:299] + "…"
