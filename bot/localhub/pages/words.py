"""How the pages put times, sizes and names into words; templates know this module as `words`."""

import re
from datetime import UTC, datetime
from hashlib import sha256

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HUES = 8


def ago(at: str) -> str:
    """How long ago an ISO time was, as coarse as a person would say it."""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return f"{plural(int(seconds // length), unit)} ago"
    return "just now"


def moment(at: str) -> str:
    """An ISO time in full, for people."""
    return f"{datetime.fromisoformat(at).astimezone(UTC):%-d %B %Y, %H:%M:%S} UTC"


def duration(start: str, end: str | None) -> str:
    """From one ISO time to another, or to now."""
    until = datetime.fromisoformat(end) if end else datetime.now(UTC)
    minutes, seconds = divmod(max(0, round((until - datetime.fromisoformat(start)).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    first = next((number for number, (value, _) in enumerate(parts) if value), 2)
    return " ".join(f"{value} {unit}" for value, unit in parts[first : first + 2])


def plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def size(number: int) -> str:
    """Bytes, in the unit that gives a small number."""
    amount = float(number)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def hue(name: str) -> str:
    """The class that gives a name its own colour."""
    return f"hue-{sha256(name.encode()).digest()[0] % _HUES}"


def stage_look(stage: str) -> str:
    """The class for a stage of a Job or Space: good, busy, bad or idle."""
    match stage:
        case "RUNNING" | "COMPLETED":
            return "good"
        case "ERROR" | "BUILD_ERROR" | "RUNTIME_ERROR" | "CONFIG_ERROR" | "NO_APP_FILE" | "CANCELED":
            return "bad"
        case "SLEEPING" | "PAUSED" | "STOPPED" | "DELETING":
            return "idle"
        case _:
            return "busy"


def plain(line: str) -> str:
    """A line of a log without its end, terminal colours and control characters."""
    return _CONTROL.sub("", line.rstrip())
