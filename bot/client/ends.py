"""How a command ends: its exit code, and the words that say how a run stands."""

import re
from enum import IntEnum

from .problems import Refused, TooLate, Unreachable
from .shapes import Run

NOT_KNOWN = frozenset({"E_KEY", "E_TOKEN", "E_SCOPE"})
LINK = re.compile(r"\[`?([^\]]+?)`?\]\((\S+?)\)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would speak to the terminal: a card's words and a log's lines may hold it."""
LEAST_SHOWN = 0.001
"""Dollars."""


class End(IntEnum):
    """Exit codes."""

    GOOD = 0
    NOT_BUILT = 1
    USAGE = 2
    REFUSED = 3
    SIGN_IN = 4
    UNREACHABLE = 5
    TOO_LATE = 6
    INTERRUPTED = 130

    @classmethod
    def of(cls, problem: Exception) -> "End":
        match problem:
            case Refused(code=code):
                return cls.SIGN_IN if code in NOT_KNOWN else cls.REFUSED
            case Unreachable():
                return cls.UNREACHABLE
            case TooLate():
                return cls.TOO_LATE
            case _:
                return cls.USAGE


MEANINGS = {
    End.GOOD: "done, or the run has come to what was asked for",
    End.NOT_BUILT: "the run ended otherwise; its reason is printed",
    End.USAGE: "the command line or the environment is not complete",
    End.REFUSED: "the bot refused, and said why",
    End.SIGN_IN: "the key or token is not known, or you have to sign in or allow more first",
    End.UNREACHABLE: "the bot could not be reached",
    End.TOO_LATE: "--timeout has passed; the run goes on, and `follow` waits for it",
    End.INTERRUPTED: "interrupted; the run goes on",
}


def end_of(run: Run) -> End:
    if run.links.connect:
        return End.SIGN_IN
    return End.GOOD if run.is_well else End.NOT_BUILT


def said_of(run: Run) -> str:
    """How it stands, without Markdown, with the links that help on."""
    sentence = re.sub(rf"(?: ·)? \[[^\]]+\]\({re.escape(run.links.page)}\)$", "", run.sentence)
    lines = [LINK.sub(r"\1", sentence).replace("**", "").replace("`", "")]
    if run.reason and run.is_over:
        lines.append(run.reason)
    links = {
        "connect here, and it goes on": run.links.connect,
        "Space": run.links.space,
        "run": run.links.page,
    }
    lines += [f"  {name}: {link}" for name, link in links.items() if link]
    if run.cost_usd is not None and run.is_over:
        is_small = run.cost_usd < LEAST_SHOWN
        lines.append(f"  cost: {f'under ${LEAST_SHOWN}' if is_small else f'${run.cost_usd:.3f}'}")
    return plain("\n".join(lines))


def plain(words: str) -> str:
    """Markdown's links and bold words for a terminal, which hears nothing but words."""
    return CONTROL.sub("", LINK.sub(r"\1 (\2)", words).replace("**", ""))
