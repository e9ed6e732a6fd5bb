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


class Screen:
    """Acts go by at the top; what goes on now is redrawn below."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self._began = time.monotonic()
        self._acts: list[tuple[float, str]] = []
        self._message: str | None = None
        self._spinner = Spinner("dots", style="cyan")

    @contextmanager
    def live(self) -> Iterator[None]:
        if not self.console.is_terminal:
            yield
            return
        with Live(get_renderable=self._draw, console=self.console, refresh_per_second=8):
            yield

    def act(self, text: str) -> None:
        """Something was done; it stays on the screen with the time it was done at."""
        self._acts.append((self._elapsed(), text))
        self._print_unless_live(text)

    def show_message(self, markdown: str) -> None:
        """The living message as it is now."""
        if markdown != self._message:
            self._message = markdown
            self._print_unless_live(f"the message says: {escape(_first_line(markdown))}")

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
        parts: list[RenderableType] = [acts]
        if self._message:
            parts.append(Panel(Markdown(_plain(self._message)), title="the living message", style="cyan"))
        self._spinner.update(text=Text(f" {duration(self._elapsed())}", style="dim"))
        return Group(*parts, self._spinner)

    def verdict(self, report: Report) -> None:
        good = report.verdict is Verdict.FULL_INFERENCE_SUCCESS
        self.console.print()
        self.console.print(
            Text(f"{'✅' if good else '❌'} {report.verdict}", style="bold green" if good else "bold red"),
            Text(report.reason),
        )
        weights = "proven" if report.weights.proven else f"not proven: {report.weights.reason}"
        self.console.print(Text(f"   weights {weights}", style="dim"))
        if report.probes:
            self.console.print(_calls(report.probes))

    def addresses(self, rows: list[tuple[str, str]], title: str) -> None:
        table = Table.grid(padding=(0, 2))
        for name, address in rows:
            table.add_row(Text(name, style="bold"), Text(address, style=f"link {address} cyan"))
        self.console.print(Panel(table, title=title, title_align="left"))

    def say(self, text: str) -> None:
        self.console.print(text)


def _calls(probes: tuple[Probe, ...]) -> Table:
    table = Table("asked", "answered", "took", title="what was asked and answered", title_justify="left")
    for probe in probes:
        asked = ", ".join(f"{name}={_short(value)}" for name, value in probe.inputs.items())
        answered = probe.error or _short(in_words(probe.output))
        table.add_row(Text(f"{probe.endpoint} {asked}"), Text(answered), duration(probe.seconds))
    return table


def _plain(markdown: str) -> str:
    """A terminal knows no `<sub>` and no `<details>`."""
    for tag in ("<sub>", "</sub>", "<details>", "</details>", "<summary>", "</summary>"):
        markdown = markdown.replace(tag, "")
    return markdown


def _first_line(markdown: str) -> str:
    """The message's headline without its markup."""
    headline = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown.splitlines()[0])
    return headline.replace("**", "").replace("`", "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 100 else f"{text[:99]}…"
