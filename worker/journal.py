"""The run record: whole files, written to the folder that the requester's bucket is mounted on.

Each event is written before the next step begins, so that a worker that is killed leaves what it knew. Every
text passes the redactor here, on its way to a file, to the Job's log or to the bot.
"""

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, JsonValue, ValidationError

from worker.contract import EventKind, Phase, PhaseTimes, Progress, ProgressEvent, Verdict
from worker.redact import Redactor

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes of one text file of the record; a longer one loses its middle."""
LARGEST_RECORD = 64 * 1024 * 1024
LONGEST_MESSAGE = 500


class RunIsOver(Exception):
    """The record is closed: whoever still works on the run has been given up."""


class Journal:
    """Writes the record of one run. Safe to use from several threads, until it is taken over."""

    def __init__(
        self,
        folder: Path,
        run_id: str,
        job_id: str | None,
        redactor: Redactor,
    ) -> None:
        self.redactor = redactor
        self.listeners: list[Callable[[ProgressEvent], None]] = []
        """Called with each event, after it is written."""
        self._folder = folder
        self._run_id = run_id
        self._job_id = job_id
        self._lock = threading.RLock()
        self._closed = False
        self._only_thread: int | None = None
        self._written: dict[str, int] = {}
        self._events = self._earlier_events()
        self._phases: dict[Phase, PhaseTimes] = {}
        self._space_id: str | None = None
        self._verdict: Verdict | None = None

    @property
    def job_id(self) -> str | None:
        return self._job_id

    @property
    def phases(self) -> tuple[PhaseTimes, ...]:
        with self._lock:
            return tuple(self._phases.values())

    @property
    def current(self) -> Phase:
        """The phase that was entered last."""
        with self._lock:
            return next(reversed(self._phases), Phase.CARD)

    def started(self, phase: Phase, message: str) -> None:
        with self._lock:
            self._refuse_others()
            self._phases[phase] = PhaseTimes(phase=phase, started_at=now(), message=self._short(message))
            self._event(phase, EventKind.STARTED, message)

    def note(self, message: str) -> None:
        with self._lock:
            self._refuse_others()
            self._event(self.current, EventKind.NOTE, message)

    def ended(self, phase: Phase, kind: EventKind, message: str) -> None:
        """The phase is done or has failed."""
        with self._lock:
            self._refuse_others()
            entered = self._phases.get(phase) or PhaseTimes(phase=phase, started_at=now())
            update = {"ended_at": now(), "message": self._short(message)}
            self._phases[phase] = entered.model_copy(update=update)
            self._event(phase, kind, message)

    def space_is(self, space_id: str) -> None:
        with self._lock:
            self._space_id = space_id
            self._write_progress()

    def verdict_is(self, verdict: Verdict) -> None:
        with self._lock:
            self._verdict = verdict
            self._write_progress()

    def log(self, about: str, kind: str, message: str) -> None:
        """A line of the Job's log only, for what goes on beside the phases. Nothing once the run is over."""
        with self._lock:
            if not self._closed:
                self.say(f"{now():%H:%M:%S} {about:8} {kind:7} {self._short(message)}".rstrip())

    def say(self, line: str) -> None:
        """A line of the Job's log as it is."""
        print(self.redactor.text(line), flush=True)  # noqa: T201  # the Job's log is our standard output

    def write(self, name: str, text: str) -> None:
        """A text file of the record, whole, replacing what was there."""
        self._put(name, _bounded(self.redactor.text(text)).encode())

    def write_json(self, name: str, value: BaseModel | JsonValue) -> None:
        plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        redacted = self.redactor.value(plain)
        self.write(name, json.dumps(redacted, indent=2, ensure_ascii=False, default=str) + "\n")

    def write_bytes(self, name: str, content: bytes) -> None:
        """A file that is no text, such as an image."""
        self._put(name, content)

    def read(self, name: str) -> str | None:
        """A text file of the record as it is on disk; None if it cannot be read."""
        content = self.read_bytes(name)
        return None if content is None else content.decode(errors="replace")

    def read_bytes(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def take_over(self) -> None:
        """From now on only the calling thread may write; any other gets RunIsOver."""
        with self._lock:
            self._only_thread = threading.get_ident()

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _earlier_events(self) -> list[ProgressEvent]:
        """Of a worker of this very run that was stopped; a line that was torn is left out."""
        found = []
        for line in (self.read("events.jsonl") or "").split("\n"):
            with suppress(ValidationError):
                found.append(ProgressEvent.model_validate_json(line))
        return found

    def _event(self, phase: Phase, kind: EventKind, message: str) -> None:
        last = self._events[-1].seq if self._events else 0
        event = ProgressEvent(seq=last + 1, at=now(), phase=phase, kind=kind, message=self._short(message))
        self._events.append(event)
        self.write("events.jsonl", "".join(f"{each.model_dump_json()}\n" for each in self._events))
        self._write_progress()
        self.log(phase, kind, event.message)
        for listener in self.listeners:
            listener(event)

    def _write_progress(self) -> None:
        progress = Progress(
            run_id=self._run_id,
            job_id=self._job_id,
            phase=self.current,
            phases=self.phases,
            space_id=self._space_id,
            verdict=self._verdict,
            updated_at=now(),
        )
        self.write_json("state.json", progress)

    def _short(self, message: str) -> str:
        line = " ".join(self.redactor.text(message).split())
        return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"

    def _put(self, name: str, content: bytes) -> None:
        """Write beside and rename, so that no reader and no crash ever sees half a file."""
        with self._lock:
            self._refuse_others()
            others = sum(size for each, size in self._written.items() if each != name)
            if others + len(content) > LARGEST_RECORD:
                self.say(f"The record is full; {name} was left out.")
                return
            file = self._folder / name
            beside = file.with_name(f".{file.name}.part")
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                beside.write_bytes(content)
                beside.replace(file)
            except OSError as error:
                # The run goes on: the report call and the Job's log still carry the result.
                self.say(f"The record could not be written: {name}: {os.strerror(error.errno or 0)}.")
                return
            self._written[name] = len(content)

    def _refuse_others(self) -> None:
        if self._closed or self._only_thread not in (None, threading.get_ident()):
            raise RunIsOver


def _bounded(text: str) -> str:
    if len(text) <= LARGEST_FILE // 4:
        return text
    encoded = text.encode()
    if len(encoded) <= LARGEST_FILE:
        return text
    half = LARGEST_FILE // 2 - 100
    start, end = encoded[:half].decode(errors="ignore"), encoded[-half:].decode(errors="ignore")
    return f"{start}\n… {len(encoded) - 2 * half} bytes left out …\n{end}"


def now() -> datetime:
    return datetime.now(UTC)
