"""What this Hub knows: typed records in one SQLite file, and blobs beside it, all under one folder.

A record is written before the answer leaves, so a restart (or a kill) finds what clients were told.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

R = TypeVar("R", bound="Record")


class Record(BaseModel):
    """Base of everything stored. Frozen: change one with `model_copy(update=…)` and put it back."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Documents:
    """A key-value table of JSON documents. Safe to use from several threads; each put is one commit."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS documents"
            "(kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"
        )

    def load(self, kind: str) -> list[tuple[str, str]]:
        with self._lock:
            rows = self._db.execute("SELECT key, body FROM documents WHERE kind = ? ORDER BY rowid", (kind,))
            return list(rows.fetchall())

    def put(self, kind: str, key: str, body: str) -> None:
        with self._lock:
            self._db.execute(
                "INSERT INTO documents VALUES (?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                (kind, key, body),
            )

    def rename(self, kind: str, old: str, new: str, body: str) -> None:
        """One commit: a kill leaves either the old or the new."""
        with self._lock:
            self._db.execute(
                "UPDATE documents SET key = ?, body = ? WHERE kind = ? AND key = ?", (new, body, kind, old)
            )

    def delete(self, kind: str, key: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is changed inside is one commit: a kill leaves all of it or nothing."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                # Also after an error: the records in memory have changed up to it.
                self._db.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._db.close()


class Collection(Generic[R]):
    """All records of one type by key, in memory and on disk. Iteration is in order of creation."""

    def __init__(self, documents: Documents, model: type[R]) -> None:
        self._documents = documents
        self._kind = model.__name__
        self._records = {key: model.model_validate_json(body) for key, body in documents.load(self._kind)}

    def get(self, key: str) -> R | None:
        return self._records.get(key)

    def put(self, key: str, record: R) -> R:
        self._documents.put(self._kind, key, record.model_dump_json())
        self._records[key] = record
        return record

    def rename(self, old: str, new: str, record: R) -> R:
        """Put the record under a new key in place of the old one."""
        self._documents.rename(self._kind, old, new, record.model_dump_json())
        self._records.pop(old, None)
        self._records[new] = record
        return record

    def delete(self, key: str) -> R | None:
        self._documents.delete(self._kind, key)
        return self._records.pop(key, None)

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._records.values()))

    def items(self) -> list[tuple[str, R]]:
        """Key and record of each."""
        return list(self._records.items())

    def __contains__(self, key: str) -> bool:
        return key in self._records

    def __len__(self) -> int:
        return len(self._records)


@dataclass
class Hub:
    """This Hub: its address, its folder and its records. One per process, at `request.app.state.hub`.

    `lock` guards every look-compare-write on records; hold it briefly and never across I/O to others.
    """

    endpoint: str
    folder: Path
    image_variables: dict[str, str] = field(default_factory=dict)
    """What the image of every Job brings into its environment."""
    documents: Documents = field(init=False)
    lock: threading.RLock = field(init=False, default_factory=threading.RLock)
    _collections: dict[type[Record], object] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.documents = Documents(self.folder / "hub.sqlite")

    def all(self, model: type[R]) -> Collection[R]:
        """The collection of one record type, read from disk on first use."""
        collection = self._collections.get(model)
        if collection is None:
            with self.lock:
                # Records are stored under their type's name: two types of one name would mix.
                clash = [other for other in self._collections if other.__name__ == model.__name__]
                assert clash in ([], [model]), f"two record types are named {model.__name__}"
                collection = self._collections.setdefault(model, Collection(self.documents, model))
        assert isinstance(collection, Collection)
        return collection

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """As `lock`, for records that must never be found one without the other after a kill."""
        with self.lock, self.documents.together():
            yield


def now() -> str:
    """The time as the Hub writes it: ISO 8601, milliseconds, Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
