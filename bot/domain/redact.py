"""Takes secrets out of every text that leaves the bot: messages, log lines, pages.

Two kinds are known: what looks like a secret of somebody's, and our own secrets by their value.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "[secret]"
SHORTEST = 12
"""Of our own: a shorter value is a word, and taking it out would protect nothing."""

SHAPES = re.compile(
    r"""
      -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----[\w+/=\s\\]*(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----)?
    | (?:hf_oauth_|hf_jwt_|hf_refresh_)[\w.~+/=-]{6,}             # Hugging Face, OAuth
    | (?:hf|api_org)_[A-Za-z0-9]{16,}                             # Hugging Face
    | \bsf_[\w-]{40,}                                             # ours, of the API
    | eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?                        # JSON Web Token
    | (?i:bearer)\s+[\w.~+/=-]{8,}
    | \b[MNO][\w-]{17,27}\.[\w-]{6}\.[\w-]{27,}                   # Discord, a bot's
    | (?:webhooks|interactions)/\d+/[\w-]{20,}                    # Discord, an answer's
    | \bsk-[\w-]{20,} | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,}
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b | \bAIza[\w-]{30,} | \bxox[abeoprs]-[\w-]{10,}
    """,
    re.VERBOSE | re.DOTALL,
)
IN_ADDRESSES = re.compile(r"((?:code|state|ticket|token|__sign)=|/c/)[\w.~-]{8,}")
"""What an address carries once: people are given it, a log is not."""
_ours: set[str] = set()


def never_say(secrets: Iterable[str]) -> None:
    """Our own secrets, by their value. Called once, in the composition root."""
    _ours.update(form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret))


def redacted(text: str) -> str:
    """The text without secrets. Twice changes nothing."""
    for secret in _ours:
        text = text.replace(secret, MASK)
    return SHAPES.sub(MASK, text)


def redacted_line(text: str) -> str:
    """The same for a log, which is read by others than the person concerned."""
    return IN_ADDRESSES.sub(rf"\1{MASK}", redacted(text))


def _forms(secret: str) -> set[str]:
    """As it is, in an address, and in JSON."""
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
