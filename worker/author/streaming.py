"""Looks at a provider's answer as it passes: takes our token out, and reads what the request used.

Every byte goes on at once, but for a tail that may be the beginning of the token.
"""

import json
import re

from worker.author.ledger import BYTES_PER_TOKEN, Use, input_of
from worker.redact import MARK

KEPT_BYTES = 65_536
"""The use is in the last event of a stream, and at the end of an answer in one piece."""
USAGE = re.compile(rb'"usage"\s*:\s*\{')
PER_EVENT = 150
"""Bytes of an event around its text, at least."""


class Scrub:
    """A stream of bytes without one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._held = b""

    def pass_on(self, data: bytes) -> bytes:
        if not self._secret:
            return data
        data = (self._held + data).replace(self._secret, MARK.encode())
        begun = self._begun_at_the_end_of(data)
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun]

    def rest(self) -> bytes:
        held, self._held = self._held, b""
        return held

    def _begun_at_the_end_of(self, data: bytes) -> int:
        """How many of the last bytes are the secret's first ones."""
        longest = min(len(self._secret) - 1, len(data))
        return next((n for n in range(longest, 0, -1) if data.endswith(self._secret[:n])), 0)


class UsageReader:
    """Finds the provider's count of tokens in what it sent, or estimates it from the sizes."""

    def __init__(self, request_size: int) -> None:
        self._request_size = request_size
        self._tail = b""
        self._size = self._events = 0

    def see(self, data: bytes) -> None:
        self._size += len(data)
        self._events += data.count(b"\n\n")
        self._tail = (self._tail + data)[-KEPT_BYTES:]

    def use(self) -> Use:
        """What the request used."""
        for found in reversed(list(USAGE.finditer(self._tail))):
            if (use := _counted(self._tail[found.end() - 1 :])) is not None:
                return use
        written = max(0, self._size - self._events * PER_EVENT)
        estimate = max(self._events, written // BYTES_PER_TOKEN) if self._size else 0
        return Use(input_of(self._request_size), estimate, estimated=True)


def _counted(text: bytes) -> Use | None:
    """The counts in the JSON object that the text begins with."""
    try:
        usage, _ = json.JSONDecoder().raw_decode(text.decode(errors="replace"))
        return Use(max(0, int(usage["prompt_tokens"])), max(0, int(usage.get("completion_tokens") or 0)))
    except (ValueError, TypeError, KeyError):
        return None
