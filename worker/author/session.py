"""Reads the session that Pi writes, and writes plain questions into it. The agent can write that file too:
it is not trusted.
"""

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

LARGEST = 64 * 1024 * 1024
NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Played:
    """What the messages of one turn come to."""

    said: str = ""
    """The last answer's text."""
    stop: str = ""
    """Pi's word for how the last answer ended: stop, toolUse, length, error, aborted; empty without one."""
    error: str = ""
    tool_calls: int = 0
    tool: str = ""
    """The name of the tool that was called last; the agent's word."""


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


def with_question(session: bytes, workspace: Path, prompt: str, answer: str, problem: str) -> bytes:
    """The session with a plain question and what came of it, as Pi itself writes them."""
    stop = {"stopReason": "error", "errorMessage": problem} if problem else {"stopReason": "stop"}
    said: tuple[dict[str, object], ...] = (
        {"role": "user", "content": [{"type": "text", "text": prompt}]},
        {"role": "assistant", "content": [{"type": "text", "text": answer}], **stop},
    )
    kept = whole_lines(session) or _line({"type": "session", "version": 3, "cwd": str(workspace)})
    for message in said:
        kept += _line({"type": "message", "parentId": _last_id(kept), "message": message})
    return kept


def _line(entry: dict[str, object]) -> bytes:
    known = {"id": uuid4().hex[:8], "timestamp": datetime.now(UTC).isoformat(), **entry}
    return json.dumps(known).encode() + b"\n"


def _last_id(session: bytes) -> str | None:
    """Of the last entry; the header is nobody's parent."""
    try:
        entry = json.loads(session.splitlines()[-1])
    except (ValueError, RecursionError, IndexError):
        return None
    is_entry = isinstance(entry, dict) and entry.get("type") != "session"
    return str(entry.get("id")) if is_entry else None


def played(session: bytes, before: bytes = b"") -> Played:
    """What happened since the session was as `before`."""
    new = session[len(before) :] if session.startswith(before) else session
    said = stop = error = tool = ""
    tool_calls = 0
    for message in _answers(new):
        parts = [part for part in _list(message.get("content")) if isinstance(part, dict)]
        calls = [part for part in parts if part.get("type") == "toolCall"]
        tool_calls += len(calls)
        said = "".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")
        stop, error = str(message.get("stopReason", "")), str(message.get("errorMessage", ""))
        tool = str(calls[-1].get("name", "")) if calls else tool
    return Played(said.strip(), stop, error, tool_calls, tool)


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
