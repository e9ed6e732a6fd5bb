"""What is said about a person's connection: what it allows, how it is made, and how it ends."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.domain import retention
from bot.domain.links import Links
from bot.domain.markdown import inline

SCOPES = {
    "openid": "Your id, so that nobody else's comment can spend your money.",
    "profile": "Your name.",
    "contribute-repos": "Make Spaces in your account, and touch only those it made.",
    "jobs": "Run builds as Jobs in your account, which Hugging Face bills to you.",
    "gated-repos": "Read gated models that you may read.",
    "inference-api": "Let the author model write an app, on your inference credits.",
    "webhooks": "Make a webhook that tells of new versions of a model that you watch.",
    "write-discussions": "Write in discussions in your name.",
}
"""Why each permission is asked for."""
SHORT = {
    "contribute-repos": "make Spaces in your account",
    "jobs": "run Jobs in your account",
    "gated-repos": "read gated models",
    "inference-api": "use your inference credits",
    "webhooks": "make a webhook in your account",
    "write-discussions": "write in discussions in your name",
}
KEPT = (
    ("Your name and id, and what you allowed", "until you disconnect"),
    (
        "Your tokens, sealed with a key that is not in the database",
        f"until you disconnect, Hugging Face ends them, or nobody used them for "
        f"{retention.in_words(retention.IDLE_ACCOUNT)}",
    ),
    (
        "That you have API keys: what you call them and when each was used; not the keys themselves",
        f"until you revoke them, disconnect, or nobody used them for "
        f"{retention.in_words(retention.IDLE_ACCOUNT)}",
    ),
    ("Your settings, the models you watch, and your Discord name if you link it", "until you disconnect"),
    (
        "Your runs: what was asked, where, how it ended, what it cost",
        f"{retention.in_words(retention.RUN)} after their end",
    ),
    (
        "What was decided about each request, with the reason",
        f"{retention.in_words(retention.DECISION)}, or until you disconnect",
    ),
    ("Ids of the comments and commands that were answered", retention.in_words(retention.DELIVERY)),
    (
        "Copies of all this, where the bot has no disk of its own",
        f"{retention.in_words(retention.COPIES * retention.COPY)} after it is erased",
    ),
    ("That you are signed in with this browser", retention.in_words(retention.SESSION)),
    ("The text of your comments, your address on the network", "never kept"),
)
"""What is kept about a person, and for how long: upkeep enforces these very periods."""


def sign_in_first() -> str:
    return "This page is about your own account: sign in with Hugging Face to see it."


def foreign_form() -> str:
    return "That form was not ours, so nothing was changed. Open the page again and try once more."


def erased(sessions: int, decisions: int) -> str:
    return (
        f"Erased: your tokens, your settings, {sessions} browser sessions and {decisions} notes of "
        "decisions. Your Spaces, Jobs and records are yours and stay."
    )


def disconnected(had_tokens: bool, sessions: int, decisions: int, links: Links) -> str:
    if not had_tokens:
        return "You were not connected. I keep nothing that could act for you."
    return (
        f"✅ Disconnected. Erased: your tokens, your settings, {sessions} browser sessions, {decisions} "
        "notes of decisions. Your runs stay listed without anything that could act for you; your Spaces, "
        "Jobs and records are yours and stay. To end it on the Hub's side too: "
        f"[connected apps]({links.hub}/settings/connected-applications)."
    )


def somebody_elses_request(visitor: str) -> str:
    return (
        f"This request belongs to another account. You are signed in as {visitor}. "
        "Sign out and sign in with the account that wrote the comment; nothing was connected to this request."
    )


def link_of_another(owner: str, visitor: str) -> str:
    return (
        f"This link is for {owner}, and you are signed in as {visitor}. Nothing was connected, and the link "
        f"stays good for {owner}. If that is you too, sign out and open it again as {owner}."
    )


def link_was_used() -> str:
    return "This link was used already: each is good once. If you are connected, there is nothing left to do."


def link_is_old() -> str:
    return (
        f"This link was good for {retention.in_words(retention.SIGN_IN)}, and they have passed. Nothing is "
        "lost: sign in here, and what you asked for goes on by itself."
    )


def link_is_unknown() -> str:
    return (
        "There is no such link, or it is long past. Sign in here, or mention me with `connect` for a new one."
    )


def goes_on() -> str:
    return "What you asked for then goes on by itself."


def one_more(scopes: Sequence[str], links: Links, because: str = "This") -> str:
    """E_SCOPE, for what waits for it."""
    return f"{because} takes one more permission ({in_short(scopes)}): [allow it]({links.allow(scopes)})."


def in_short(scopes: Iterable[str]) -> str:
    return ", ".join(SHORT.get(scope, scope) for scope in scopes)


def reconnect(ended_at: float | None, links: Links) -> str:
    """E_TOKEN, for who was connected or never was."""
    return f"{_ended(ended_at)} [Connect again]({links.sign_in})."


def connection_ended(ended_at: float) -> str:
    """Why a run waits for its requester."""
    return f"Your connection ended on {moment(ended_at)}: Hugging Face does not accept it any more."


def ended_midway(ended_at: float, job: str | None, links: Links) -> str:
    """Why a run could not be followed to its end."""
    where = f"[its page]({job})" if job else "your Jobs on Hugging Face"
    return (
        f"your connection ended on {moment(ended_at)} while its Job ran, so I can't see how the Job ends. It "
        f"stops at its time limit at the latest: {where}. [Connect again]({links.sign_in}), then mention me "
        "with `retry`"
    )


def ends_too_soon(ends_at: float | None, links: Links) -> str:
    """Why a Job was not launched."""
    when = f" on {moment(ends_at)}" if ends_at else ""
    return (
        f"your connection ends{when}, before a Job could, and Hugging Face gave nothing to renew it with. "
        f"Nothing was started. [Connect again]({links.sign_in}), then mention me with `retry`"
    )


def ends_soon(ends_at: float, links: Links) -> str:
    """Early enough that nothing has to stop."""
    return (
        f"⏰ Your connection ends on {moment(ends_at)}, and Hugging Face gave nothing to renew it with. "
        f"[Connect again]({links.sign_in}) before then, and nothing stops."
    )


def connect_here(name: str, links: Links) -> str:
    return (
        f"🔗 [Connect your account]({links.sign_in}) as {inline(name)}: the link is yours alone, and good "
        f"for {retention.in_words(retention.SIGN_IN)}. I ask to make Spaces (and touch only those I made) "
        "and to run Jobs, which Hugging Face bills to you: about $0.01 for a small model."
    )


def connected_already(links: Links) -> str:
    return f"✅ Your account is connected. [Your account]({links.account}); `disconnect` ends it."


def moment(seconds: float) -> str:
    """`21 November, 14:02 UTC`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %B, %H:%M} UTC"


def _ended(ended_at: float | None) -> str:
    if ended_at is None:
        return "You are not connected."
    return f"Your connection ended on {moment(ended_at)}."
