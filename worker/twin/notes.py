"""Collects what is seen during a rehearsal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from worker.twin.rehearsal import Rehearsal


@dataclass
class Notes:
    """Filled in by the parts of a rehearsal, in their order."""

    say: Callable[[str], None]
    seen: dict[str, object] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def begin_again(self, sandbox: str) -> None:
        """Forget what was seen beside another twin."""
        self.seen = {"sandbox": sandbox}
        self.details = {}

    def note(self, **values: object) -> None:
        self.seen.update(values)

    def saw(self, name: str, value: object, detail: str) -> None:
        self.seen[name] = value
        self.details[name] = detail
        self.say(detail[:300])

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - started, 1)

    def rehearsal(self) -> Rehearsal:
        return Rehearsal.model_validate({**self.seen, "details": self.details, "seconds": self.seconds})
