"""Reads a comment: which of its lines are commands, and what each asks for, checked against the table.

All commands of a comment are checked before any may run. Whatever can't be understood is a UserError whose
sentence names what comes closest.
"""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from bot.domain import messages
from bot.domain.commands import BY_NAME, CommandRow, Target
from bot.domain.errors import UserError
from bot.domain.models import Wishes
from bot.domain.options import REVISION
from bot.domain.redact import redacted
from worker.contract import APP_PREFIX, app_of

MOST_COMMANDS = 3
REPO_ID = re.compile(r"^(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\Z", re.ASCII)
RUN_ID = re.compile(r"\br_[0-9a-f]{16}\b")
ADDRESS = re.compile(r"^https?://[^/\s]+/", re.IGNORECASE)
WORD = re.compile(r'(?:[^\s"]|"[^"]*")+|"')
REMARK = re.compile(r"#(?=\s|$)")
JSON_OPTION = re.compile(r"[\w-]+=(?=[\[{])")


@dataclass(frozen=True)
class Command:
    """One command as a person wrote it, checked against the table."""

    row: CommandRow
    target: str | None = None
    """`owner/model`, `owner/space`, a run's id or a command's name; None for what the thread is about."""
    wishes: Wishes = field(default_factory=Wishes)
    given: frozenset[str] = frozenset()
    """Which fields of `wishes` were said, and are not just the defaults."""


def parse(text: str, bot_name: str) -> list[Command]:
    """The commands of a comment, in order. A command starts its line with the mention, in a paragraph or a
    list item; code, quotes, headings, links and HTML are not looked at."""
    asked = [words for line in _plain_lines(text) if (words := _addressed(line, bot_name)) is not None]
    if len(asked) > MOST_COMMANDS:
        raise UserError("E_MANY", messages.too_many_commands(MOST_COMMANDS))
    if asked and not any(asked) and text.strip().lower() != f"@{bot_name}".lower():
        raise UserError("E_VERB", messages.no_command())
    commands = [command_of(words or ["help"]) for words in asked]
    if sum(command.row.spends for command in commands) > 1:
        raise UserError("E_ONE_BUILD", messages.one_build())
    return commands


def command_of(words: list[str], rows: Mapping[str, CommandRow] = BY_NAME) -> Command:
    """A verb and its arguments, as a command. Raises UserError."""
    verb, *arguments = words
    if any(redacted(word) != word for word in words):
        raise UserError("E_SECRET", messages.secret_in_public())
    row = rows.get(verb.lower())
    if row is None:
        raise UserError("E_VERB", _unknown_verb(verb))
    target, values = None, dict[str, object]()
    for argument in arguments:
        key, has_value, value = argument.partition("=")
        if has_value and not ADDRESS.match(argument):
            name, read = _option(row, key.lower(), value)
            values[name] = read
        elif argument.lower() == "force" and row.can_force:
            values["force"] = True
        elif target is None and row.target is not Target.NONE:
            target = argument
        else:
            raise UserError("E_OPT", messages.too_many_words(row, argument))
    named, revision = _target(row, target)
    if revision:
        values.setdefault("rev", revision)
    return Command(row, named, Wishes.model_validate(values), frozenset(values))


def mentions(text: str, bot_name: str) -> bool:
    """Whether a text may hold a command: a quick look, before anything is parsed."""
    return f"@{bot_name}".lower() in text.lower()


def _option(row: CommandRow, key: str, value: str) -> tuple[str, object]:
    option = next((each for each in row.options if each.key == key), None)
    if option is None:
        close = difflib.get_close_matches(key, [each.key for each in row.options], n=1, cutoff=0.4)
        raise UserError("E_OPT", messages.unknown_option(row, key, close[0] if close else None))
    try:
        return option.field, option.read(_unquoted(value))
    except ValueError as problem:
        raise UserError("E_OPT", messages.unfit_value(option.key, value, str(problem))) from None


def _target(row: CommandRow, word: str | None) -> tuple[str | None, str | None]:
    """What is named, and the version that is named with it."""
    if word is None:
        return None, None
    match row.target:
        case Target.MODEL:
            return _model(row, word)
        case Target.SPACE:
            name = ADDRESS.sub("", word).removeprefix("spaces/").strip("/")
            if REPO_ID.match(name):
                return name, None
            raise UserError("E_OPT", messages.not_a_space(word))
        case Target.RUN:
            if found := RUN_ID.search(word):
                return found[0], None
            raise UserError("E_OPT", messages.not_a_run(row, word))
        case _:
            if word.lower() in BY_NAME:
                return word.lower(), None
            raise UserError("E_VERB", _unknown_verb(word))


def _model(row: CommandRow, word: str) -> tuple[str, str | None]:
    """`owner/model`, `owner/model@version`, or the Hub's address of either; or a custom app."""
    if word.lower().startswith(APP_PREFIX):
        return _app(row, word.lower()), None
    name, _, revision = ADDRESS.sub("", word).strip("/").partition("@")
    if found := re.fullmatch(r"([^/]+/[^/]+)/tree/(.+)", name):
        name, revision = found[1], found[2]
    if not REPO_ID.match(name) or (revision and not REVISION.match(revision)):
        raise UserError("E_OPT", messages.not_a_model(row, word))
    return name, revision or None


def _app(row: CommandRow, word: str) -> str:
    app = app_of(word)
    if app is None:
        raise UserError("E_OPT", messages.unknown_app())
    if not row.takes_apps:
        raise UserError("E_OPT", messages.no_app_for(row, app))
    return word


def _unknown_verb(verb: str) -> str:
    if REPO_ID.match(verb):
        return messages.only_a_model(verb)
    close = difflib.get_close_matches(verb.lower(), BY_NAME, n=1)
    return messages.unknown_verb(verb, close[0] if close else None)


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
    """The words after the mention, if the line starts with it."""
    first, *rest = line.split(maxsplit=1) or [""]
    return _words("".join(rest)) if first.lower() == f"@{bot_name}".lower() else None


def _words(line: str) -> list[str]:
    """Split at spaces, except inside double quotes and JSON; a remark after ` # ` is dropped."""
    words, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
        elif REMARK.match(line, at):
            break
        else:
            word = _json_option(line, at) or _word(line, at)
            words.append(word)
            at += len(word)
    return words


def _word(line: str, at: int) -> str:
    found = WORD.match(line, at)
    assert found
    return found[0]


def _json_option(line: str, at: int) -> str | None:
    """`key=` and the JSON value behind it, which may hold spaces."""
    if not (found := JSON_OPTION.match(line, at)):
        return None
    try:
        _, end = json.JSONDecoder().raw_decode(line, found.end())
    except (ValueError, RecursionError):
        return None
    return line[at:end]


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] == '"' else value
