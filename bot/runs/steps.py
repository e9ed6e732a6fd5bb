"""The steps of a run, in the order they are looked at. Each makes one difference disappear.

A step looks at the world before it acts (our message by its mark, the Job by its label), unless this process
saw itself that there is nothing (`ctx.first_hand`); so doing it again after a crash changes nothing. `needed`
is pure; `do` has at most one effect and returns the run as it is now.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.context import Context
from bot.domain.models import Run
from bot.domain.snapshot import Snapshot
from bot.runs import announce, answer, cancel, follow, launch, settle, sign_in


@dataclass(frozen=True)
class Step:
    name: str
    needed: Callable[[Snapshot, Context], bool]
    do: Callable[[Snapshot, Context], Run]


STEPS = (
    Step("expire", sign_in.is_too_late, sign_in.expire),
    Step("resume", sign_in.is_connected_now, sign_in.resume),
    Step("cancel", cancel.is_cancelled, cancel.cancel),
    Step("announce", announce.is_unannounced, announce.announce),
    Step("launch", launch.is_unlaunched, launch.launch),
    Step("settle", settle.has_report, settle.settle),
    Step("look", follow.is_silent, follow.look_for_job),
    Step("show", announce.is_outdated, announce.show),
    Step("answer", answer.is_unanswered, answer.answer),
)
