"""The bot as in production, but killed once: `python -m tests.harness.dying_bot STEP MOMENT FILE`.

`before` the step's effect, or `after` it and before the row is saved. FILE is made when it dies; while it is
there, nobody dies.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.context import Context
from bot.domain.models import Run
from bot.domain.snapshot import Snapshot
from bot.runs import advance
from bot.runs.steps import STEPS, Step
from bot.serve import main

Do = Callable[[Snapshot, Context], Run]
MOMENTS = ("before", "after")


def deadly(step: Step, moment: str, file: Path) -> Step:
    def die() -> None:
        if not file.exists():
            file.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def do(view: Snapshot, ctx: Context) -> Run:
        if moment == "before":
            die()
        run = step.do(view, ctx)
        die()
        return run

    return replace(step, do=do)


if __name__ == "__main__":
    name, moment, file = sys.argv[1:]
    assert name in {step.name for step in STEPS} and moment in MOMENTS
    advance.STEPS = tuple(  # type: ignore[attr-defined]  # the table itself is changed, and nothing else
        deadly(step, moment, Path(file)) if step.name == name else step for step in STEPS
    )
    sys.exit(main([]))
