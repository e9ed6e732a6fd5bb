"""Errors that have been met before. The table beside this file tells causes and mends; this looks them up."""

import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

TABLE = Path(__file__).with_name("known_errors.toml")
LONGEST_LOG = 200_000


class Where(StrEnum):
    """What an error was seen in."""

    BUILD = "build"
    RUN = "run"
    PROBE = "probe"
    CONFIG = "config"
    ANY = "any"


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Edit(Entry):
    """A mend that needs nobody's judgement: replace what a regular expression finds in one file, once."""

    file: str
    find: str
    replace: str


class KnownError(Entry):
    """One row of the table."""

    name: str
    where: Where
    pattern: str
    cause: str
    mend: str
    anywhere: bool = False
    """Whether the whole log is searched, and not the first error line only."""
    edit: Edit | None = None

    @field_validator("pattern")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        re.compile(value)
        return value

    def tells(self, line: str, log: str) -> bool:
        text = f"{line}\n{log[-LONGEST_LOG:]}" if self.anywhere else line
        return re.search(self.pattern, text, re.IGNORECASE | re.MULTILINE) is not None


@cache
def table() -> tuple[KnownError, ...]:
    return tuple(KnownError(**row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["error"])


def known(where: Where, line: str, log: str = "") -> KnownError | None:
    """The row for an error: by the line that names its cause, else by its log."""
    for row in table():
        if row.where in {where, Where.ANY} and row.tells(line[:2000], log):
            return row
    return None


def edited(row: KnownError, files: dict[str, bytes]) -> dict[str, bytes] | None:
    """The files with the row's own edit; None where it has none, or it changes nothing."""
    if row.edit is None or row.edit.file not in files:
        return None
    before = files[row.edit.file].decode(errors="replace")
    after = re.sub(row.edit.find, row.edit.replace, before, count=1)
    return None if after == before else {**files, row.edit.file: after.encode()}
