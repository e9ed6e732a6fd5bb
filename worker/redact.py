"""Takes secrets out of every text that leaves the worker: the run's own, and what looks like one.

Redacting twice changes nothing, so a text may pass here as often as it likes.
"""

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

from pydantic import JsonValue

MARK = "[redacted]"
SHORTEST_SECRET = 6
"""Shorter values are words: taking them out would make texts unreadable and protect nothing."""

SHAPES = re.compile(
    r"""
      -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----(?:.{0,20000}?-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|.{0,20000})
    | \b(?:hf_oauth_|hf_jwt_|hf_refresh_)[\w.~+/=-]{6,}             # Hugging Face, OAuth
    | \b(?:hf|api_org)_[A-Za-z0-9]{16,}                             # Hugging Face
    | \beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?                        # JSON Web Token
    | \bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{16,}                    # OpenAI, Anthropic and their kind
    | \b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})           # GitHub
    | \bglpat-[\w-]{16,}                                            # GitLab
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b                                 # AWS
    | \bAIza[\w-]{30,}                                              # Google
    | \bxox[abeoprs]-[\w-]{10,}                                     # Slack
    | \b(?:npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,})                    # package registries
    | \b[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}                     # Discord
    """,
    re.VERBOSE | re.DOTALL,
)
AFTER_A_NAME = re.compile(
    r"""
      (?P<before>\bBearer\s+)[^\s"',;\\]{6,}
    | (?P<query>[?&](?:access_token|refresh_token|token|secret|api_key|apikey|password|code)=)[^&\s"'<>\\]+
    | (?P<scheme>\b[a-z][a-z0-9+.-]*://)[^\s/:@"']+:[^\s/@"']+(?P<at>@)
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Redactor:
    """Knows the secrets of this run and how they look when encoded."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._exact = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """The text without secrets, and without half characters, which no file and no wire can carry."""
        text = text.encode(errors="replace").decode()
        if self._exact is not None:
            text = self._exact.sub(MARK, text)
        return AFTER_A_NAME.sub(_keep_the_name, SHAPES.sub(MARK, text))

    def value(self, value: JsonValue) -> JsonValue:
        """The same JSON value with every string in it redacted, keys included."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(item) for item in value]
            case dict():
                return {self.text(key): self.value(item) for key, item in value.items()}
            case _:
                return value

    def has_secret(self, text: str) -> bool:
        return self.text(text) != text


def _keep_the_name(found: re.Match[str]) -> str:
    start = found["before"] or found["query"] or found["scheme"]
    return f"{start}{MARK}{found['at'] or ''}"


def _forms(secret: str) -> set[str]:
    """How a secret looks as it is, in a URL, in hexadecimal, and inside base64 of a longer text."""
    raw = secret.encode()
    return {secret, quote(secret, safe=""), raw.hex(), *_inside_base64(raw)}


def _inside_base64(raw: bytes) -> Iterable[str]:
    """The characters that any base64 text must show when it holds these bytes, at each of three offsets."""
    if len(raw) < 12:
        return
    for offset in range(3):
        padded = b"\0" * offset + raw
        first = -(-offset * 4 // 3)
        last = len(padded) // 3 * 4
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(padded).decode()[first:last]
