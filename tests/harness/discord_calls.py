"""Every call of Discord that the product makes, and every way in which it fails, as `calls.py`
and `faults.py` are for the Hub. Routes are patterns over method and path below the base of the API."""

from collections.abc import Callable
from fnmatch import fnmatch

from tests.harness.discord import DiscordServer

OF_A_START = {
    "who the bot is": "GET /users/@me",
    "the application": "GET /oauth2/applications/@me",
    "where the gateway is": "GET /gateway/bot",
    "its commands": "GET /applications/*/commands",
    "other commands": "PUT /applications/*/commands",
}
OF_A_RUN = {
    "the first answer": "POST /interactions/*/*/callback",
    "the awaited answer": "PATCH /webhooks/*/*/messages/*",
    "what was said": "GET /channels/*/messages",
    "say": "POST /channels/*/messages",
    "change what was said": "PATCH /channels/*/messages/*",
}
DIRECTLY = {
    "the way to a person": "POST /users/@me/channels",
    "say it to them": OF_A_RUN["say"],
}
OF_DOUBLES = {"take back": "DELETE /channels/*/messages/*"}
OF_LINKING = {
    "the token": "POST /oauth2/token",
    "who it is": "GET /users/@me",
}
ALL = (OF_A_START, OF_A_RUN, DIRECTLY, OF_DOUBLES, OF_LINKING)

LIVING, FINAL = "I edit this message", "final answer"
"""What tells the two messages of a run apart."""
SECONDS = 3.0
"""What a bot under such a Discord is told to wait for a call."""
LATE = SECONDS + 1.5
Fault = Callable[[DiscordServer, str], None]


def _status(code: int) -> Fault:
    return lambda discord, route: discord.troubles.answers(code, route=route)


FAULTS: dict[str, Fault] = {
    "refused": lambda discord, route: discord.troubles.drops(route=route),
    "timeout": lambda discord, route: discord.troubles.delays(LATE, route=route),
    "slow": lambda discord, route: discord.troubles.trickles(1.5, route=route),
    "truncated": lambda discord, route: discord.troubles.truncates(route=route),
    "lost": lambda discord, route: discord.troubles.drops(route=route, done=True),
    "429": lambda discord, route: discord.rate_limits.refuses(route, retry_after=1.0),
    **{str(code): _status(code) for code in (500, 503, 401, 402, 403, 404, 409)},
}


OF_BROWSERS_AND_SOCKETS = ("/gateway", "/oauth2/authorize")


def unlisted(method: str, route: str) -> bool:
    """Whether a call, as the journal names it, is in no part of the table."""
    patterns = (pattern for part in ALL for pattern in part.values())
    if route.startswith(OF_BROWSERS_AND_SOCKETS):
        return False
    return not any(fnmatch(f"{method} {route}", pattern) for pattern in patterns)
