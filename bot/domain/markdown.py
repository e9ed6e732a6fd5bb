"""Words of strangers made harmless for Markdown, and times as people write them."""

import re
from datetime import UTC, datetime

from bot.domain.redact import redacted

ADDRESS = re.compile(r"(?i)(?<=://)|(?<=\bwww\.)")


def inline(text: str) -> str:
    """A stranger's word as a code span that it cannot leave."""
    cleaned = re.sub(r"[`|\s]+", " ", redacted(text)).strip()
    return f"`{_tame(cleaned)[:200]}`" if cleaned else "`(empty)`"


def quoted(text: str) -> str:
    """A stranger's sentence as plain words: no mention, no link, no HTML, no table cell of its own."""
    plain = re.sub(r"\s+", " ", redacted(text)).strip()[:300]
    unlinked = ADDRESS.sub("\u2060", _tame(plain))
    return re.sub(r"([\\`*_\[\]<>|#!~&])", r"\\\1", unlinked)


def tamed_word(word: str) -> str:
    """A stranger's word for inside a code span of ours: it can neither mention nor end the span."""
    return re.sub(r"[^\w./=-]", "", redacted(word), flags=re.ASCII)[:40] or "that"


def tamed_line(line: str) -> str:
    """A line of somebody's output, fit for an indented block: no control characters, no mention."""
    return _tame(re.sub(r"[\x00-\x1f\x7f]", " ", redacted(line)))[:300]


def long_duration(seconds: float) -> str:
    """`3 d`, `5 h`, `12 min`."""
    for unit, length in (("d", 86400), ("h", 3600)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds // 60:.0f} min"


def _tame(text: str) -> str:
    """Nobody is called by a stranger's `@`: a word joiner keeps it from being a mention."""
    return text.replace("@", "@\u2060")


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3:40`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"
