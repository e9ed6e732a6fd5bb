"""Copies of the embedded database: both its files in one, made while they are in use, checked before use.

The inbox is copied first. A delivery that it calls done then has its effect in the main file's copy; one that
it calls new is done again, which changes nothing.
"""

import hashlib
import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import INBOX_FILE, MAIN_FILE
from bot.store.moments import Moment
from bot.store.tables import inbox_tables, main_tables
from bot.store.versions import known_versions

ROOMS = {"inbox": INBOX_FILE, "main": MAIN_FILE}
TABLES = {"inbox": set(inbox_tables.tables), "main": set(main_tables.tables)}


class UnfitCopy(Exception):
    """It can't be used, and why."""


class TooNewCopy(UnfitCopy):
    """A newer version of the bot made it, and this one can't read it."""


def pack(folder: Path, into: Path, at: float) -> str:
    """Copy the databases of a folder as they are now into one file. Returns a digest of what they hold,
    moments aside.

    The engine's tables stay out: every row that waits is found by upkeep.
    """
    digest = hashlib.sha256()
    with (
        TemporaryDirectory(dir=folder) as scratch,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for room, name in ROOMS.items():
            copy = Path(scratch) / name
            with (
                closing(sqlite3.connect(folder / name, timeout=30)) as source,
                closing(sqlite3.connect(copy, isolation_level=None)) as db,
            ):
                source.backup(db)
                _trim(db, room, at)
                for line in db.iterdump():
                    if not line.startswith('INSERT INTO "moments"'):
                        digest.update(line.encode())
            packed.write(copy, name)
    return digest.hexdigest()


def unpack(packed: Path, folder: Path) -> None:
    """Put the databases of a copy into an empty folder. UnfitCopy if they are damaged or none of ours."""
    try:
        with zipfile.ZipFile(packed) as archive:
            for name in ROOMS.values():
                archive.extract(name, folder)
        for room, name in ROOMS.items():
            with closing(sqlite3.connect(folder / name)) as db:
                _check(db, room)
    except (zipfile.BadZipFile, zlib.error, KeyError, sqlite3.DatabaseError) as error:
        raise UnfitCopy(f"it can't be read ({type(error).__name__})") from None


def _trim(db: sqlite3.Connection, room: str, at: float) -> None:
    """Leave our own tables only, in one file, with the time of the copy: whoever starts with it looks for
    what came later."""
    db.execute("PRAGMA journal_mode=DELETE")
    ours = TABLES[room] | {f"{room}_version"}
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in found.fetchall():
        if name not in ours:
            db.execute(f'DROP TABLE "{name}"')
    if room == "main":  # a copy of what has not caught up itself keeps its own reason to
        db.execute(
            "INSERT OR IGNORE INTO moments SELECT ?, ? WHERE EXISTS (SELECT 1 FROM moments WHERE name = ?)",
            (Moment.COPIED, at, Moment.ALIVE),
        )
    db.execute("VACUUM")


def _check(db: sqlite3.Connection, room: str) -> None:
    if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise UnfitCopy("it is damaged")
    found = db.execute(f"SELECT version_num FROM {room}_version").fetchall()  # noqa: S608  # our own name
    if unknown := {version for (version,) in found}.difference(known_versions(room)):
        raise TooNewCopy(f"its tables are of version {min(unknown)}, which this version does not know")
