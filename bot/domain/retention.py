"""How long what is kept: the pages state these periods, and upkeep enforces them. In seconds."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 24 * 3600.0

SIGN_IN = 10 * MINUTE
"""A sign-in under way, and a link to one."""
LINK_REMEMBERED = DAY
"""That a link was used, or is too old, so that its page can say which."""
SESSION = 7 * DAY
IDLE_ACCOUNT = 90 * DAY
"""Tokens and API keys that nobody used, and a Discord link without any."""
DECISION = 90 * DAY
WAITING_REQUEST = 2 * DAY
"""What was asked for before it was allowed."""
DELIVERY = 30 * DAY
"""Ids of a comment or an interaction that was answered."""
DISCORD_ANSWER = 7 * DAY
RUN = 365 * DAY
"""From its end on."""
ENDED_CONNECTION = 90 * DAY
"""That a connection ended, and when."""
COPIES, COPY = 3, 15 * MINUTE
"""So many copies of the database are kept where there is a bucket for them, and none is the newest for longer
while the bot runs: what is erased has left them after the product of both."""


def in_words(seconds: float) -> str:
    """`10 minutes`, `7 days`, `a day`."""
    for unit, length in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {unit}s" if count > 1 else f"{'an' if unit == 'hour' else 'a'} {unit}"
    return f"{seconds:.0f} seconds"
