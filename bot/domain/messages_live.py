"""What only the live Hub can tell: each fact that we build on, what it is to be, and what follows if not.

`python -m bot check` goes through this table, and `docs/deploy.md` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Mark(StrEnum):
    """How a fact was found to be."""

    AS_EXPECTED = "✓"
    DIFFERENT = "✗"
    UNKNOWN = "–"


@dataclass(frozen=True)
class Finding:
    mark: Mark
    words: str
    failed: bool = False
    """Whether it was tried, and something kept the answer from coming."""


@dataclass(frozen=True)
class Fact:
    """One row. `does` is what the program does about it, empty where only a person can look."""

    name: str
    expected: str
    otherwise: str
    does: str = ""
    costs: str = "nothing"
    by_hand: str = ""


APP_STEP: Final = (
    "make an OAuth app in your settings at Hugging Face, with the redirect URL that this command names and "
    "the scopes openid, profile, contribute-repos and jobs; set OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET"
)
FACTS: Final = (
    Fact(
        "author-id",
        "the id of a comment's author is the `sub` of the same person's sign-in",
        "nobody is recognised: requests wait for a sign-in that has happened. Don't open the bot; report it",
        does="comments in a private model repo of its own, and compares with whom the sign-in names",
        by_hand="set HF_TOKEN, and " + APP_STEP,
    ),
    Fact(
        "refresh-token",
        "an app gets a refresh token with its access token, and can use it",
        "people are asked to sign in again when their access ends (8 hours); nothing else changes",
        does="signs you in as an app, and renews the token once",
        by_hand=APP_STEP,
    ),
    Fact(
        "discord",
        "the Space reaches discord.com",
        "DISCORD_GATEWAY=false and the interactions endpoint; an answer after 15 minutes is not said",
        does="asks the bot's /readyz",
        by_hand="give `--bot` with the address of a bot that has DISCORD_TOKEN",
    ),
    Fact(
        "own-space",
        "`contribute-repos` lets an app make a private Space, set its secret and variable, and read its log",
        "builds fail at publishing. Widen the scopes in the README's header to `manage-repos`",
        does="as an app makes a private Gradio Space with nothing in it, tries each call, and deletes it",
        costs="nothing; the account needs a plan that may hold Gradio Spaces",
        by_hand="set HF_TOKEN, and " + APP_STEP,
    ),
    Fact(
        "own-bucket",
        "`contribute-repos` lets an app make and write a private bucket",
        "runs have no record: the Job can't start. Widen the scopes in the README's header to `manage-repos`",
        does="as an app makes a private bucket, writes and reads a file, and deletes it",
        by_hand=APP_STEP,
    ),
    Fact(
        "job-rights",
        "the scope `jobs` lets an app start, label, find, look at, read and cancel a Job",
        "people cancel by the Job's own page, which each message links",
        does="as an app starts a Job that waits, tries each call, and cancels it",
        costs="one minute of cpu-basic ($0.01 an hour), from your credits",
        by_hand=APP_STEP,
    ),
    Fact(
        "bot-bucket",
        "the bot's token may make and write a private bucket",
        "the state can't be kept there: give the token more rights, or use DATABASE_URL",
        does="makes a private bucket as the bot, writes and reads a file, and deletes it",
        by_hand="set BOT_TOKEN",
    ),
    Fact(
        "hidden-mark",
        "an HTML comment in a comment can't be seen",
        "nothing: our marks are words that may be seen",
        does="comments in a private model repo of its own, and reads it as a page shows it",
        by_hand="set HF_TOKEN",
    ),
    Fact(
        "mention",
        "a mention that an edit brings links to the person",
        "nothing: the final answer is a comment of its own",
        does="edits a comment in a private model repo of its own, and reads it as a page shows it",
        by_hand="whether it also notifies: have the bot's account edit a mention of you in; see your inbox",
    ),
    Fact(
        "edit-event",
        "a comment that the bot edits comes back as an event and counts among the webhook's 1,000 a day",
        "if it does not count, EDIT_SECONDS may be shorter",
        by_hand="after a run, count the `update` events of the webhook in its settings, tab Activity",
    ),
    Fact(
        "redelivery",
        "an event that found the bot away is delivered again, or not: both are provided for",
        "nothing: threads are read again at each start",
        by_hand="pause the Space, comment, wait a minute, restart it; look at the webhook's tab Activity",
    ),
    Fact(
        "last-copy",
        "a Space that is stopped has time to put the last copy of its state into the bucket",
        "the copy before counts: at most STATE_SECONDS are lost, and found again as the table above says",
        by_hand="pause the Space, restart it, and compare `state_kept_at` of /readyz with the pause",
    ),
    Fact(
        "later-scopes",
        "a Space's app may only ask for scopes that are in its README's header",
        "if it may ask for others, `gated-repos` and `webhooks` can leave the header",
        by_hand="take `webhooks` out of the header of a copy, sign in there, and have it watch a model",
    ),
)


def plan_of(fact: Fact) -> str:
    """What would be done about it, at what cost."""
    if fact.does:
        return f"  {fact.name}: {fact.does}. Costs {fact.costs}."
    return f"  {fact.name}: for you to look at: {fact.by_hand}."


def told(fact: Fact, finding: Finding) -> str:
    """One fact, how it was found, and what follows."""
    lines = [f"{finding.mark} {fact.name}: {finding.words}", f"    expected: {fact.expected}"]
    if finding.mark is not Mark.AS_EXPECTED:
        lines.append(f"    if it is otherwise: {fact.otherwise}")
    if finding.mark is Mark.UNKNOWN and fact.by_hand:
        lines.append(f"    to find out: {fact.by_hand}")
    return "\n".join(lines)


def summed_up(findings: Sequence[Finding]) -> str:
    marks = [each.mark for each in findings]
    return (
        f"{marks.count(Mark.AS_EXPECTED)} as expected, {marks.count(Mark.DIFFERENT)} different, "
        f"{marks.count(Mark.UNKNOWN)} not known."
    )


def table() -> str:
    """The facts as Markdown, for the docs."""
    rows = [f"| `{each.name}` | {each.expected} | {each.otherwise} | {_who(each)} |" for each in FACTS]
    return "\n".join(["| | expected | if it is otherwise | found out by |", "|---|---|---|---|", *rows])


def _who(fact: Fact) -> str:
    return f"the command: {fact.does}" if fact.does else f"you: {fact.by_hand}"
