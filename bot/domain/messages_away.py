"""What is said after a time in which the bot heard nothing, or has lost what it knew."""

from datetime import UTC, datetime

from bot.domain.links import Links
from bot.domain.living_message import answer_mark, living_mark


def was_away(since: float, until: float) -> str:
    return (
        f"👋 {away_mark(since)} and am back since {_moment(until)}. I have read what was asked meanwhile, "
        "and do it now."
    )


def away_mark(since: float) -> str:
    return f"I was away from {_moment(since)}"


def lost_connection() -> str:
    return (
        "I have lost what I knew of this request, your connection included. Its Job is found again when you "
        "connect, if it had begun; nothing is done twice."
    )


def lost_run(run_id: str, links: Links) -> str:
    return (
        "💥 **I have lost this run:** what I knew of it is gone, and no comment here says what was asked. "
        "Its Job goes on by itself, if it had begun, and its record is in its owner's bucket. Mention me to "
        f"ask for it again; [all that I can do]({links.help}).\n\n<sub>{living_mark(run_id)}.</sub>"
    )


def lost_answer(run_id: str) -> str:
    return (
        "💥 I have lost a run that was open here: its message above says what that means."
        f"\n\n<sub>{answer_mark(run_id)}</sub>"
    )


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%-d %B %H:%M:%S} UTC"
