"""The demo's screen: each act with its time, the living message as it stands in the thread, and the end."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from bot.domain.answers import in_words
from bot.domain.markdown import duration
from worker.contract import Probe, Report, Verdict

COST = re.compile(r"\bcost ((?:under )?\$[\d.]+ of at most \$[\d.]+)")
STEP = re.compile(r"^(\| [^|]+ \| )(.+)( \| [^|]*\|)$", re.MULTILINE)
"""A row of the message's table: the step, its state, its time."""
RUNNING = "running: "
BESIDE_THE_STATE = 42
"""Columns of the screen that a step's name, its time and the frames take."""


class Screen:
    """Acts go by at the top; what goes on now is redrawn below."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self._began = time.monotonic()
        self._acts: list[tuple[float, str]] = []
        self._message: str | None = None
        self._said = ""
        self._is_over = False
        self._spinner = Spinner("dots", style="cyan")

    @contextmanager
    def live(self) -> Iterator[None]:
        if not self.console.is_terminal:
            yield
            return
        with Live(get_renderable=self._draw, console=self.console, refresh_per_second=8):
            try:
                yield
            finally:
                self._is_over = True

    def act(self, text: str) -> None:
        """Something was done; it stays on the screen with the time it was done at."""
        self._acts.append((self._elapsed(), text))
        self._print_unless_live(text)

    def show_message(self, markdown: str) -> None:
        """The living message as it is now."""
        self._message = markdown
        if (said := _in_one_line(markdown)) != self._said:
            self._said = said
            self._print_unless_live(f"the message says: {escape(said)}")

    def _print_unless_live(self, text: str) -> None:
        """Where nothing can be redrawn (a pipe, a log), each thing is a line of its own."""
        if not self.console.is_terminal:
            self.console.print(f"[dim]{self._elapsed():6.1f} s[/dim] {text}", soft_wrap=True)

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _draw(self) -> RenderableType:
        acts = Table.grid(padding=(0, 1))
        for moment, text in self._acts:
            acts.add_row(Text(f"{moment:6.1f} s", style="dim"), Text.from_markup(text))
        if self._is_over:
            return acts
        parts: list[RenderableType] = [acts]
        if self._message:
            message = Markdown(_plain(self._message, self.console.width - BESIDE_THE_STATE))
            parts.append(Panel(message, title="the living message", style="cyan"))
        self._spinner.update(text=Text(f" {duration(self._elapsed())}", style="dim"))
        return Group(*parts, self._spinner)

    def outcome(self, report: Report, message: str) -> None:
        """How the run ended: the verdict, the proof, the cost that the message names, the calls."""
        self.console.print()
        self.console.print(_outcome(report, message))
        if report.probes:
            self.console.print()
            self.console.print(_calls(report.probes))

    def addresses(self, rows: list[tuple[str, str]], title: str) -> None:
        table = Table.grid(padding=(0, 2))
        for name, address in rows:
            table.add_row(Text(name, style="bold"), Text(address, style=f"link {address} cyan"))
        self.console.print(Panel(table, title=title, title_align="left"))

    def say(self, text: str) -> None:
        self.console.print(text)


def _outcome(report: Report, message: str) -> Table:
    good = report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    verdict = Text(report.verdict, style="bold green" if good else "bold red")
    weights = f"{'proven' if report.weights.proven else 'not proven'}: {report.weights.reason}"
    phases = [
        f"{each.phase} {duration((each.ended_at - each.started_at).total_seconds())}"
        for each in report.phases
        if each.ended_at
    ]
    took = duration((report.ended_at - report.started_at).total_seconds())
    table = Table.grid(padding=(0, 2))
    table.add_row("✅" if good else "❌", verdict)
    table.add_row("", Text(report.reason))
    table.add_row("weights", Text(weights))
    if cost := COST.search(message):
        table.add_row("cost", Text(cost[1]))
    table.add_row("took", Text(f"{took}: {', '.join(phases)}"))
    return table


def _calls(probes: tuple[Probe, ...]) -> Table:
    table = Table("asked", "answered", "took", title="what was asked and answered", title_justify="left")
    for probe in probes:
        asked = ", ".join(f"{name}={_short(value)}" for name, value in probe.inputs.items())
        answered = probe.error or _short(in_words(probe.output))
        table.add_row(Text(f"{probe.endpoint} {asked}"), Text(answered), duration(probe.seconds))
    return table


def _plain(markdown: str, widest: int) -> str:
    """A terminal knows no `<sub>` and no `<details>`, and has little room: one line for each step."""
    for tag in ("<sub>", "</sub>", "<details>", "</details>", "<summary>", "</summary>"):
        markdown = markdown.replace(tag, "")
    return STEP.sub(lambda row: f"{row[1]}{_short(row[2], max(widest, 20))}{row[3]}", markdown)


def _in_one_line(markdown: str) -> str:
    """The message's headline, and what the step that is under way says, without their markup."""
    headline = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown.splitlines()[0])
    under_way = next((row[2] for row in STEP.finditer(markdown) if row[2].startswith(RUNNING)), RUNNING)
    line = " · ".join(filter(None, (headline, under_way.removeprefix(RUNNING))))
    return re.sub(r"\\(.)", r"\1", line.replace("**", "").replace("`", ""))


def _short(value: object, longest: int = 100) -> str:
    text = str(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
