"""What the person who waits hears while the agent works: our own words and numbers, none of its own."""

from worker.author.notebook import Spent
from worker.author.session import Played

TOOLS = {
    "read": "reads",
    "write": "writes a file",
    "edit": "changes a file",
    "bash": "runs a command",
}
VERBS = {
    "push": "publishes to its Space",
    "status": "waits for its Space",
    "logs": "reads its Space's log",
    "call": "calls its app",
    "restart": "starts its Space anew",
}


def doing(turn: int, played: Played, verb: str) -> str:
    """As “Turn 2: it writes a file”. `verb` is what it asked of its Space since the last word."""
    return f"Turn {turn}: it {VERBS.get(verb) or TOOLS.get(played.tool, 'thinks')}"


def so_far(spent: Spent) -> str:
    requests = "1 request" if spent.requests == 1 else f"{spent.requests} requests"
    return f"{requests}, {spent.tokens} tokens, about ${spent.usd:.3f} so far"
