"""The options of commands: how each is written, what it may hold, and how its words become a value.

A reader raises ValueError with the words that say what fits instead.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.models import Notify, On
from worker.contract import AnswerType, Author, AuthorMode, Mode

REVISION = re.compile(r"^(?!.*\.\.)[A-Za-z0-9][\w./-]{0,99}\Z", re.ASCII)
NAME = re.compile(r"^(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]{0,94}[A-Za-z0-9]\Z", re.ASCII)
ORGANISATION = re.compile(r"^(?!.*--)[A-Za-z0-9][\w-]{0,94}[A-Za-z0-9]\Z", re.ASCII)
LANGUAGE_MODEL = re.compile(r"^[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}(:[a-z0-9-]{1,40})?\Z", re.ASCII)
FLAVOR = re.compile(r"^[a-z0-9][a-z0-9-]{1,30}\Z")
TAGS = re.compile(r"^[\w.*?/+-]{1,100}\Z", re.ASCII)
ENDPOINT = re.compile(r"^/?[\w-]{1,80}\Z", re.ASCII)
LARGEST_BUDGET = 100.0
"""Dollars; more is a slip of the pen."""
MOST_A_DAY = 24


@dataclass(frozen=True)
class Option:
    """`key=value` of a command; `field` is where its value goes in `Wishes`."""

    key: str
    values: str
    """What may stand there, for people."""
    does: str
    field: str
    read: Callable[[str], object]


def one_of(kind: type[StrEnum]) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return kind(text.lower())
        except ValueError:
            raise ValueError(f"one of {', '.join(f'`{each.value}`' for each in kind)}") from None

    return read


def matching(pattern: re.Pattern[str], words: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        if not pattern.match(text):
            raise ValueError(words)
        return text

    return read


def dollars(text: str) -> object:
    """`$0.50`, `0.5`, `1$`."""
    try:
        amount = float(text.strip("$"))
    except ValueError:
        amount = -1.0
    if not 0 < amount <= LARGEST_BUDGET:
        raise ValueError(f"an amount from $0.01 to ${LARGEST_BUDGET:.0f}, like `$0.50`")
    return amount


def yes(text: str) -> object:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("`yes` or `no`")
    return text.lower() == "yes"


def seconds(text: str) -> object:
    """`90`, `90s`, `10m`."""
    found = re.fullmatch(r"(\d{1,5})\s*(s|m)?", text)
    amount = int(found[1]) * (60 if found[2] == "m" else 1) if found else 0
    if not 10 <= amount <= 7200:
        raise ValueError("10 seconds to 2 hours, like `90s` or `10m`")
    return amount


def a_day(text: str) -> object:
    """`3/day`, `3`."""
    found = re.fullmatch(r"(\d{1,2})(/day)?", text)
    if not found or not 1 <= int(found[1]) <= MOST_A_DAY:
        raise ValueError(f"`1/day` to `{MOST_A_DAY}/day`")
    return int(found[1])


def _no_number(_word: str) -> object:
    raise ValueError("NaN and Infinity are not JSON")


def json_of(kind: type, words: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            value = json.loads(text, parse_constant=_no_number)
            json.dumps(value, ensure_ascii=False).encode()  # half a character fits into no file and no wire
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, kind):
            raise ValueError(words)  # noqa: TRY004  # of what a person wrote, not of our code
        return value

    return read


_flavor = matching(FLAVOR, "the Hub's name of a hardware, like `t4-small`")
REV = Option(
    "rev", "a commit, tag or branch", "which version of the model", "rev", matching(REVISION, "a name")
)
SPACE_NAME = Option(
    "name",
    "a Space's name",
    "what the Space is called",
    "name",
    matching(NAME, "letters, digits, `-`, `_`, `.`"),
)
ORG = Option(
    "org", "an organisation of yours", "where the Space is created", "org", matching(ORGANISATION, "its name")
)
MODE = Option("mode", " / ".join(Mode), "how far the build goes", "mode", one_of(Mode))
HARDWARE = Option("hardware", "`cpu-basic`, `zero-a10g`, …", "what the Space runs on", "hardware", _flavor)
FALLBACK = Option(
    "fallback",
    "`none`, `any` or a hardware",
    "what may be paid for where nothing free fits",
    "fallback",
    _flavor,
)
BUDGET = Option("budget", "`$0.50`", "the most this run may cost you", "budget", dollars)
NOTIFY = Option("notify", " / ".join(Notify), "how much is said in the thread", "notify", one_of(Notify))
TRUST = Option(
    "trust-remote-code", "`yes`", "let the model's own Python run in the Space", "trust_remote_code", yes
)
AUTHOR = Option(
    "author",
    " / ".join(Author),
    "who writes the app where no blueprint fits; an agent uses your inference credits, within the budget",
    "author",
    one_of(Author),
)
AUTHOR_MODE = Option(
    "author-mode",
    " / ".join(AuthorMode),
    "what the author is asked for, also where a blueprint fits (`author=pi` is meant with it)",
    "author_mode",
    one_of(AuthorMode),
)
AUTHOR_MODEL = Option(
    "author-model",
    "`owner/model`",
    "which language model writes",
    "author_model",
    matching(LANGUAGE_MODEL, "a model's id, like `Qwen/Qwen3-Coder-Next`"),
)
API = Option(
    "api",
    "`/generate`",
    "which endpoint to call",
    "endpoint",
    matching(ENDPOINT, "an endpoint like `/generate`"),
)
ARGS = Option(
    "args",
    '`["a cat", 4]`',
    "its inputs in order",
    "arguments",
    json_of(list, 'a JSON list like `["a cat", 4]`'),
)
KWARGS = Option(
    "kwargs",
    '`{"prompt": "a cat"}`',
    "its inputs by name",
    "named_arguments",
    json_of(dict, 'a JSON object like `{"prompt": "a cat"}`'),
)
TYPE = Option("type", " / ".join(AnswerType), "what the answer should be", "expected", one_of(AnswerType))
WAIT = Option("wait", "`10m`", "how long the Space may take to wake up", "wait_seconds", seconds)
ON = Option(
    "on", " / ".join(On), "what is waited for: a git tag, a commit on `main`, or both", "on", one_of(On)
)
ONLY = Option("only", "`v*`", "which git tags count", "only", matching(TAGS, "a pattern of tags, like `v*`"))
MOST = Option("max", "`1/day`", "how often it may build", "most_per_day", a_day)
ALONE = Option(
    "alone", "`yes`", "show how to do it without me, so that I hold nothing of yours", "alone", yes
)
