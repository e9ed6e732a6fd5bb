"""The one table of commands, and the parser that reads it.

The table feeds the parser, the help reply, the web page and the tests. A new command is a row here and a
file in `handlers/`.
"""

import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from markdown_it import MarkdownIt

from bot.domain.errors import UserError


class Who(StrEnum):
    ANYONE = "anyone"
    CONNECTED = "anyone who has connected their account"


@dataclass(frozen=True)
class CommandRow:
    """What a command is. `scopes` are the least its requester must have granted."""

    name: str
    usage: str
    does: str
    who: Who
    examples: tuple[str, ...]
    spends: bool = False
    scopes: tuple[str, ...] = ()


COMMANDS = (
    CommandRow(
        name="build",
        usage="build [owner/model]",
        does="build a private, tested Space for this model in your account",
        who=Who.CONNECTED,
        examples=("build", "build owner/model"),
        spends=True,
        scopes=("contribute-repos", "jobs"),
    ),
    CommandRow(
        name="status",
        usage="status",
        does="show how the latest build in this thread is going",
        who=Who.ANYONE,
        examples=("status",),
    ),
    CommandRow(
        name="help",
        usage="help",
        does="show what I can do",
        who=Who.ANYONE,
        examples=("help",),
    ),
)
MOST_COMMANDS = 3
MODEL = re.compile(r"^(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$", re.ASCII)


@dataclass(frozen=True)
class Command:
    """One command as a person wrote it, checked against the table."""

    row: CommandRow
    target: str | None = field(default=None)
    """`owner/model`, or None for the repo the thread is on."""


def parse(text: str, bot_name: str) -> list[Command]:
    """The commands of a comment, in order; all are checked before any may run.

    A command starts its line with the mention, in a paragraph or a list item. Code, quotes, headings,
    links and HTML are not looked at. Raises UserError for a command that can't be understood.
    """
    asked = [words for line in _plain_lines(text) if (words := _addressed(line, bot_name)) is not None]
    if len(asked) > MOST_COMMANDS:
        raise UserError("E_MANY", f"That is more than {MOST_COMMANDS} commands in one comment. Nothing ran.")
    if asked and not any(asked) and text.strip().lower() != f"@{bot_name}".lower():
        raise UserError("E_VERB", "I was mentioned without a command. Try `build`, or `help` for the list.")
    commands = [_command(words or ["help"]) for words in asked]
    if sum(command.row.spends for command in commands) > 1:
        raise UserError("E_ONE_BUILD", "One build per comment, please. Nothing was started.")
    return commands


def mentions(text: str, bot_name: str) -> bool:
    """Whether a text may hold a command: a quick look, before anything is parsed."""
    return f"@{bot_name}".lower() in text.lower()


def _plain_lines(text: str) -> list[str]:
    """The lines of a Markdown text that are plain words, list items included."""
    lines: list[str] = []
    quotes = headings = 0
    for token in MarkdownIt("commonmark").parse(text):
        match token.type:
            case "blockquote_open" | "blockquote_close":
                quotes += token.nesting
            case "heading_open" | "heading_close":
                headings += token.nesting
            case "inline" if not quotes and not headings:
                lines.extend(_lines_of(token.children or []))
    return lines


def _lines_of(children: list) -> list[str]:  # type: ignore[type-arg]  # markdown-it's own Token list
    """The lines of one paragraph; whatever is not plain text leaves a mark no command can hold."""
    line, lines = "", []
    for child in children:
        match child.type:
            case "text":
                line += child.content
            case "softbreak" | "hardbreak":
                lines.append(line)
                line = ""
            case _:
                line += "\0"
    return [*lines, line]


def _addressed(line: str, bot_name: str) -> list[str] | None:
    """The words after the mention, if the line starts with it; a remark after ` # ` is dropped."""
    first, *words = line.split() or [""]
    if first.lower() != f"@{bot_name}".lower():
        return None
    return words[: words.index("#")] if "#" in words else words


def _command(words: list[str]) -> Command:
    verb, *arguments = words
    row = next((row for row in COMMANDS if row.name == verb.lower()), None)
    if row is None:
        raise UserError("E_VERB", _unknown_verb(verb))
    if not arguments:
        return Command(row)
    if row.name != "build" or len(arguments) > 1:
        raise UserError("E_OPT", f"`{row.name}` is written as `{row.usage}`. Nothing was started.")
    return Command(row, target=_model(arguments[0]))


def _unknown_verb(verb: str) -> str:
    if MODEL.match(verb):
        return f"To build that model, write `build {verb}`."
    close = difflib.get_close_matches(verb.lower(), [row.name for row in COMMANDS], n=1)
    hint = f"Did you mean `{close[0]}`?" if close else "Write `help` for what I can do."
    return f"I don't know `{_safe(verb)}`. {hint}"


def _model(argument: str) -> str:
    """`owner/model`, also out of a Hub URL."""
    name = re.sub(r"^https?://[^/]+/", "", argument).strip("/")
    if not MODEL.match(name):
        raise UserError("E_OPT", f"`{_safe(argument)}` is not a model's name. Write `build owner/model`.")
    return name


def _safe(word: str) -> str:
    """A word of a stranger's, fit for a code span: it can neither mention nor end the span."""
    return re.sub(r"[^\w./=-]", "", word, flags=re.ASCII)[:40] or "that"
