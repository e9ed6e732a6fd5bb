"""Copies of the database: whole while it is written, fit or refused, and with nothing that is not ours."""

import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.domain.events import CommentPosted
from bot.settings import INBOX_FILE, MAIN_FILE
from bot.store.copies import TooNewCopy, UnfitCopy, pack, unpack
from bot.store.database import open_database
from bot.store.deliveries import Deliveries
from bot.store.moments import Moment, Moments


class Store:
    """A folder with both databases, as the bot leaves them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.main: Engine = open_database(f"sqlite:///{folder / MAIN_FILE}", "main")
        self.inbox: Engine = open_database(f"sqlite:///{folder / INBOX_FILE}", "inbox")
        self.moments, self.deliveries = Moments(self.main), Deliveries(self.inbox)

    def close(self) -> None:
        self.main.dispose()
        self.inbox.dispose()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    there = Store(tmp_path / "there")
    yield there
    there.close()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.zip"


def delivery(number: int) -> CommentPosted:
    return CommentPosted(repo="zoo/model", num=1, comment_id=f"{number:024x}", author_id="a" * 24)


def rows(file: Path, query: str) -> list[object]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(query).fetchall()


def test_a_copy_is_whole_though_it_is_made_while_rows_are_written(store: Store, copy: Path) -> None:
    enough = threading.Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            store.deliveries.put([delivery(number), delivery(number + 1)], 1.0)
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(5):
            pack(store.folder, copy, at=2.0)
            into = store.folder / f"round-{round_}"
            unpack(copy, into)
            (count,) = rows(into / INBOX_FILE, "SELECT count(*) FROM deliveries")[0]  # type: ignore[misc]
            assert count % 2 == 0  # never half of a commit
    finally:
        enough.set()
        writer.join()


def test_only_what_changed_makes_another_copy(store: Store, copy: Path) -> None:
    before = pack(store.folder, copy, at=1.0)
    store.moments.put(Moment.ALIVE, 2.0)

    assert pack(store.folder, copy, at=3.0) == before

    store.deliveries.put([delivery(1)], 4.0)
    assert pack(store.folder, copy, at=5.0) != before


def test_a_copy_says_when_it_was_made_unless_its_original_had_not_caught_up(
    store: Store, copy: Path, tmp_path: Path
) -> None:
    pack(store.folder, copy, at=1.0)
    unpack(copy, tmp_path / "new")
    store.moments.put(Moment.ALIVE, 2.0)
    pack(store.folder, copy, at=3.0)
    unpack(copy, tmp_path / "usual")
    store.moments.put(Moment.COPIED, 0.5)
    pack(store.folder, copy, at=4.0)
    unpack(copy, tmp_path / "of a copy")

    said = {
        name: rows(tmp_path / name / MAIN_FILE, "SELECT at FROM moments WHERE name = 'copied'")
        for name in ("new", "usual", "of a copy")
    }
    assert said == {"new": [], "usual": [(3.0,)], "of a copy": [(0.5,)]}


def test_tables_that_are_not_ours_stay_out(store: Store, copy: Path, tmp_path: Path) -> None:
    with store.main.begin() as connection:
        connection.execute(text("CREATE TABLE workflow_status (id TEXT)"))
        connection.execute(text("INSERT INTO workflow_status VALUES ('left out')"))

    pack(store.folder, copy, at=1.0)
    unpack(copy, tmp_path / "copy")

    names = rows(tmp_path / "copy" / MAIN_FILE, "SELECT name FROM sqlite_master")
    assert ("workflow_status",) not in names and ("runs",) in names
    assert b"left out" not in (tmp_path / "copy" / MAIN_FILE).read_bytes()


def test_a_damaged_copy_is_unfit(store: Store, copy: Path, tmp_path: Path) -> None:
    pack(store.folder, copy, at=1.0)
    whole = copy.read_bytes()
    half, flipped, other = tmp_path / "half", tmp_path / "flipped", tmp_path / "other"
    half.write_bytes(whole[: len(whole) // 2])
    flipped.write_bytes(whole[:2000] + bytes([whole[2000] ^ 255]) + whole[2001:])
    with zipfile.ZipFile(other, "w") as packed:
        for name in (MAIN_FILE, INBOX_FILE):
            packed.writestr(name, b"SQLite format 3\0" + b"\1" * 4000)

    for number, each in enumerate((half, flipped, other)):
        with pytest.raises(UnfitCopy):
            unpack(each, tmp_path / f"into-{number}")


def test_a_copy_of_a_newer_version_is_told_from_a_damaged_one(
    store: Store, copy: Path, tmp_path: Path
) -> None:
    with store.main.begin() as connection:
        connection.execute(text("UPDATE main_version SET version_num = 'main_9999'"))
    pack(store.folder, copy, at=1.0)

    with pytest.raises(TooNewCopy, match="main_9999"):
        unpack(copy, tmp_path / "copy")
