"""Where the disk does not last: copies of the embedded database in a bucket, brought back at the next start.

A bucket has no locks, so order does their work. Each start takes a number that no earlier one had and puts
it in front of its copies' names: the last name is the newest state, whoever wrote it. Who sees a number after
its own has been replaced: it writes no more, and ends.
"""

import logging
import os
import re
import secrets
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.retention import COPIES, COPY
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.state_bucket import StateBucket
from bot.log import fields
from bot.settings import INBOX_FILE, MAIN_FILE, Settings
from bot.store.copies import TooNewCopy, UnfitCopy, pack, unpack
from bot.store.moments import Moment, Moments

log = logging.getLogger(__name__)

PATIENCE = 300.0
"""Seconds for which a start waits for the Hub."""
LAST_SECONDS = 25.0
"""Seconds that the last copy may take when the bot stops."""
NAME = re.compile(r"(\d{8}-[0-9a-f]{8})-\d{8}\.zip")
HERE = "state-owner"
"""File beside the database: whose it is, so that this very disk is known again."""

T = TypeVar("T")


class StateError(Exception):
    """The bot can't start with the bucket as it is; a sentence for the operator."""


class Safekeeping:
    """One start's right to put copies into the bucket, and the thread that does.

    `owner` begins the names of its copies: the greater comes later.
    """

    def __init__(
        self, bucket: StateBucket, owner: str, settings: Settings, clock: Callable[[], float]
    ) -> None:
        self._bucket, self.owner, self._clock = bucket, owner, clock
        self._folder, self._seconds = settings.data_dir, settings.state_seconds
        self._number, self._digest, self._put_at = 0, "", float("-inf")
        self._moments: Moments | None = None
        self._is_replaced = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="safekeeping", daemon=True)

    def claim(self, moments: Moments) -> None:
        """Before any work begins: the first copy shows everybody else that they were replaced. StateError if
        we were, by one that starts in the same moment."""
        self._moments = moments
        _patiently(lambda: self._put(_ours(self._bucket)))
        if _is_replaced(self.owner, _patiently(lambda: _ours(self._bucket))):
            raise StateError("Another bot with this STATE_BUCKET started in the same moment.")
        _remember(self._folder, self.owner)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """After the last work: one copy more, unless the Hub takes too long for it."""
        self._stop.set()
        self._thread.join(LAST_SECONDS)

    def _run(self) -> None:
        is_last = False
        while not is_last and not self._is_replaced:
            is_last = self._stop.wait(self._seconds)
            try:
                self._keep()
            except (HubError, HubUnavailable, TokenGone) as trouble:
                log.warning("no copy of the state", extra=fields(problem=str(trouble)))
            except Exception:
                log.exception("no copy of the state; it comes again")

    def _keep(self) -> None:
        there = _ours(self._bucket)
        if _is_replaced(self.owner, there):
            self._is_replaced = True
            log.error("another bot has taken over STATE_BUCKET: this one ends", extra=fields(by=there[-1]))
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            self._put(there)

    def _put(self, there: list[str]) -> None:
        """A copy, if anything has changed or the last is old: what was erased is to leave the older ones."""
        now = self._clock()
        with TemporaryDirectory(dir=self._folder) as scratch:
            file = Path(scratch) / "copy.zip"
            digest = pack(self._folder, file, now)
            if digest == self._digest and now - self._put_at < COPY:
                return
            name = f"{self.owner}-{self._number + 1:08d}.zip"
            self._bucket.put(file, name, delete=[*there, name][:-COPIES])
        self._number, self._digest, self._put_at = self._number + 1, digest, now
        if self._moments:
            self._moments.put(Moment.KEPT, now)


def take_over(settings: Settings, clock: Callable[[], float]) -> Safekeeping | None:
    """Bring the newest state back, unless this disk has it, and be the next who writes there. None where no
    bucket is set. HubError, HubUnavailable, TokenGone or StateError if it can't be used."""
    if not settings.state_bucket:
        return None
    bound_all_calls(settings.hub_seconds)
    client = HubClient(settings.hf_endpoint, settings.bot_token.get_secret_value())
    bucket = StateBucket(client, settings.state_bucket)
    if not _patiently(bucket.is_private):
        raise StateError(f"STATE_BUCKET {settings.state_bucket} is public. Make it private, or name another.")
    there = _patiently(lambda: _ours(bucket))
    if there and _owner(there[-1]) != _remembered(settings.data_dir):
        _bring_back(bucket, there, settings.data_dir)
    last = int(there[-1].partition("-")[0]) if there else 0
    return Safekeeping(bucket, f"{last + 1:08d}-{secrets.token_hex(4)}", settings, clock)


def _bring_back(bucket: StateBucket, there: list[str], folder: Path) -> None:
    """The newest copy that is whole, in place of whatever is here."""
    _remember(folder, "")  # a crash from here on leaves a folder that is known to be unfinished
    for file in [each for name in (MAIN_FILE, INBOX_FILE) for each in folder.glob(f"{name}*")]:
        file.unlink()
    for name in reversed(there):
        if _is_put_in_place(bucket, name, folder):
            log.info("the state is back", extra=fields(copy=name))
            return
    log.error("no copy of the state is fit: what can be found again is found on the Hub")


def _is_put_in_place(bucket: StateBucket, name: str, folder: Path) -> bool:
    """False if this copy is of no use."""
    with TemporaryDirectory(dir=folder) as scratch:
        packed, unpacked = Path(scratch) / "copy.zip", Path(scratch) / "unpacked"
        _patiently(partial(bucket.fetch, name, packed))
        try:
            unpack(packed, unpacked)
        except TooNewCopy as problem:
            raise StateError(f"The copy {name} in STATE_BUCKET can't be used: {problem}.") from None
        except UnfitCopy as problem:
            log.warning("a copy of the state is of no use", extra=fields(copy=name, problem=str(problem)))
            return False
        for file in unpacked.iterdir():
            file.rename(folder / file.name)
    return True


def _patiently(ask: Callable[[], T]) -> T:
    """The answer, as soon as the Hub gives one; HubUnavailable if it gives none for minutes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except HubUnavailable as trouble:
            if time.monotonic() > deadline:
                raise
            log.warning("waiting for the Hub", extra=fields(problem=str(trouble)))
            time.sleep(trouble.retry_after or 5.0)


def _ours(bucket: StateBucket) -> list[str]:
    """Names of copies, the newest last."""
    return [name for name in bucket.names() if NAME.fullmatch(name)]


def _is_replaced(owner: str, there: list[str]) -> bool:
    return bool(there) and _owner(there[-1]) > owner


def _owner(name: str) -> str:
    return name.rpartition("-")[0]


def _remembered(folder: Path) -> str:
    file = folder / HERE
    return file.read_text() if file.exists() else ""


def _remember(folder: Path, owner: str) -> None:
    """Wholly or not at all."""
    new = folder / f"{HERE}.new"
    new.write_text(owner)
    new.replace(folder / HERE)
