"""How a run goes, on standard error: a bar in a terminal, a line for each step in a log."""

from functools import partial
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from .ends import plain
from .shapes import Run

OVER = frozenset({"done", "failed"})
SIGNS = {"done": "✓", "failed": "✗"}


class Progress:
    def __init__(self, *, is_silent: bool) -> None:
        console = Console(stderr=True, quiet=is_silent)
        # A log breaks no lines: what stands in one is found by what reads it.
        self._print = partial(
            console.print, markup=False, emoji=False, highlight=False, soft_wrap=not console.is_terminal
        )
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("starting", total=None)
        self._told: set[str] = set()

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, run: Run) -> None:
        """The bar moves to where the run is; each step that ended since then gets its line."""
        for phase in run.phases:
            if phase.state in OVER and phase.phase not in self._told:
                self._told.add(phase.phase)
                took = f" ({phase.seconds:.1f} s)" if phase.seconds is not None else ""
                self._print(f"{SIGNS[phase.state]} {phase.title}{took} {plain(phase.message)}")
        now = next(
            (each.title for each in run.phases if each.state == "running"), run.state.replace("_", " ")
        )
        done = sum(each.state in OVER for each in run.phases)
        self._bar.update(self._task, description=now, completed=done, total=max(1, len(run.phases)))
