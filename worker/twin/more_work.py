"""Asks for more steps or tokens: a model that is really used has more to do then."""

import re
from collections.abc import Iterator

from worker.twin.boot import Heard, ListeningClient
from worker.twin.sameness import alike

MORE = tuple(
    re.compile(pattern)
    for pattern in (r"(^|_)steps?$", r"(^|_)tokens$|max_(new_)?length$", r"^(num_)?frames$")
)
"""Names of inputs that say how much to compute; the ones that are refused least come first."""
SLOW = 5.0
"""Seconds. An answer that takes longer is asked for less often, and for less instead of more."""


def more_work(client: ListeningClient, asked: Heard) -> tuple[bool | None, str]:
    """Whether twice as much cost more forward calls, and a sentence; None where there is no such input."""
    for name, value in _options(asked):
        half_and_double = (max(1, value // 2), value * 2)
        for wished in half_and_double if asked.reply.seconds > SLOW else half_and_double[::-1]:
            if wished == value or (heard := client.repeat(asked, **{name: wished})).reply.error:
                continue
            return _compare(asked, heard, name)
    return None, "The app has no input that asks for more steps or tokens."


def _options(asked: Heard) -> Iterator[tuple[str, int]]:
    for pattern in MORE:
        for name, value in asked.inputs.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and value >= 1 and pattern.search(name.lower()):
                yield name, int(value)


def _compare(asked: Heard, heard: Heard, name: str) -> tuple[bool | None, str]:
    less, more = sorted((asked, heard), key=lambda each: float(each.inputs[name]))
    seen = (
        f"{name} {less.inputs[name]:.0f} and {more.inputs[name]:.0f}:"
        f" {less.cost.forward_calls} and {more.cost.forward_calls} forward calls"
    )
    if more.cost.forward_calls > less.cost.forward_calls or more.cost.work > less.cost.work:
        return True, f"{seen}; more was asked for, and more was computed."
    if alike(more.reply.output, less.reply.output):
        return None, f"{seen}; the answer was complete before, so this says nothing."
    return False, f"{seen}; another answer, for no more computing."
