"""Reads the session that Pi writes. The agent can write that file too: it is not trusted."""

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 64 * 1024 * 1024
NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
LONGEST_DOING = 80
WORDS_OF_A_TOOL = ("path", "command")


@dataclass(frozen=True)
class Played:
    """What the messages of one turn come to."""

    said: str = ""
    """The last answer's text."""
    stop: str = ""
    """Pi's word for how the last answer ended: stop, toolUse, length, error, aborted; empty without one."""
    error: str = ""
    tool_calls: int = 0
    doing: str = ""
    """The last tool call in a few words."""


def read_session(home: Path, path: str, owner: int | None) -> bytes:
    """The bytes of a file below the agent's home; empty if it is no plain file of the agent's with one name.

    The agent may be at work: each step goes from an opened folder to a name in it, and no link is followed.
    """
    try:
        opened = _opened(home, path)
    except OSError:
        return b""
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(opened)
        plain = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
        return file.read(LARGEST) if plain and owner in (None, found.st_uid) else b""


def _opened(home: Path, path: str) -> int:
    *folders, name = path.split("/")
    opened = os.open(home, NO_LINK | os.O_DIRECTORY)
    for each in folders:
        try:
            inner = os.open(each, NO_LINK | os.O_DIRECTORY, dir_fd=opened)
        finally:
            os.close(opened)
        opened = inner
    try:
        return os.open(name, NO_LINK, dir_fd=opened)
    finally:
        os.close(opened)


def whole_lines(session: bytes) -> bytes:
    """The session without a line that was torn when its writer was killed."""
    return session[: session.rfind(b"\n") + 1]


def moved_to(session: bytes, workspace: Path) -> bytes:
    """The session as one of this folder: Pi goes on with none whose folder is gone."""
    first, newline, rest = session.partition(b"\n")
    try:
        header = json.loads(first)
    except (ValueError, RecursionError):
        return b""
    if not isinstance(header, dict) or header.get("cwd") == str(workspace):
        return session
    return json.dumps({**header, "cwd": str(workspace)}).encode() + newline + rest


def played(session: bytes, before: bytes = b"") -> Played:
    """What happened since the session was as `before`."""
    new = session[len(before) :] if session.startswith(before) else session
    said = stop = error = doing = ""
    tool_calls = 0
    for message in _answers(new):
        parts = [part for part in _list(message.get("content")) if isinstance(part, dict)]
        calls = [part for part in parts if part.get("type") == "toolCall"]
        tool_calls += len(calls)
        said = "".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")
        stop, error = str(message.get("stopReason", "")), str(message.get("errorMessage", ""))
        doing = _in_words(calls[-1]) if calls else doing
    return Played(said.strip(), stop, error, tool_calls, doing)


def _answers(session: bytes) -> Iterable[dict[str, Any]]:
    for line in session.decode(errors="replace").split("\n"):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        match entry:
            case {"type": "message", "message": {"role": "assistant"}}:
                yield entry["message"]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _in_words(call: dict[str, Any]) -> str:
    """As “write app.py”."""
    match call.get("arguments"):
        case dict(arguments):
            words = [str(arguments[name]) for name in WORDS_OF_A_TOOL if arguments.get(name)]
        case _:
            words = []
    return " ".join([str(call.get("name", "")), *words]).replace("\n", " ")[:LONGEST_DOING].strip()
