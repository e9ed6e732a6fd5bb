"""The one way to wait: until something holds, with a deadline that says what was missing."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    look: Callable[[], T | None],
    what: str | Callable[[], str] = "it to happen",
    seconds: float = 60,
    every: float = 0.03,
) -> T:
    """What `look` returns, as soon as it returns something true. `what` may be found out at the end."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {_said(what)}"
        time.sleep(every)
    return found


def _said(what: str | Callable[[], str]) -> str:
    return what if isinstance(what, str) else what()
