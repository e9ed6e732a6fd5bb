"""What is said after a time in which the bot heard nothing."""

from datetime import UTC, datetime


def was_away(since: float, until: float) -> str:
    return (
        f"👋 {away_mark(since)} and am back since {_moment(until)}. I have read what was asked meanwhile, "
        "and do it now."
    )


def away_mark(since: float) -> str:
    return f"I was away from {_moment(since)}"


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%-d %B %H:%M:%S} UTC"
