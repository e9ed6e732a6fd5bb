"""Keeps the record up to date while turns go on: what they take, have made, and what is told of them."""

import time
from pathlib import Path
from threading import Lock

from pydantic import JsonValue

from worker.author import telling
from worker.author.decisions import State
from worker.author.ledger import Ledger, Prices
from worker.author.notebook import TRACES, Spent, notebook_of
from worker.author.session import Played, with_question
from worker.author.traces import keep as keep_traces
from worker.author.turns import Budget, Turn, TurnReport
from worker.author.workspace import Workspace, read_workspace
from worker.build import Build

OUTPUT = "logs/pi_output.txt"
PACE = 20.0
"""Seconds between two words about a turn, and between two copies of what it has made so far."""


class Recorder:
    """Of one stage. `folder` is the workspace, whose files belong to `owner`."""

    def __init__(
        self, build: Build, budget: Budget, prices: Prices, new: State, folder: Path, owner: int | None
    ) -> None:
        self._one_at_a_time = Lock()
        self.notebook = notebook_of(build.journal, new, budget)
        self.ledger = Ledger(budget, prices, self.notebook.before, self._keep_spent)
        self.session, self.log = build.folder / "session.jsonl", build.folder / "pi.log"
        self.session.write_bytes(self.notebook.session)
        self._build, self._folder, self._owner = build, folder, owner
        self._begun: float | None = None
        """When the turn under way began."""
        self._told_at, self._verb = 0.0, ""

    def read(self) -> Workspace:
        return read_workspace(self._folder, self._owner)

    def kept(self, turn: Turn) -> Turn:
        """The turn, with its time taken and its report kept."""

        def played(prompt: str) -> TurnReport:
            self._begun = self._told_at = time.monotonic()
            try:
                self.notebook.reports.append(report := turn(prompt))
            finally:
                self._begun = None
            self._keep_traces()
            return report

        return played

    def written_down(self, ask: Turn) -> Turn:
        """The plain question, with its words in the session, where Pi's are."""

        def asked(prompt: str) -> TurnReport:
            report = ask(prompt)
            before = self.session.read_bytes()
            after = with_question(before, self._folder, prompt, report.said, report.problem)
            self.session.write_bytes(after)
            return report

        return asked

    def watch(self, played: Played) -> None:
        """While a turn goes on: say what it does and has taken, and keep what it has made, now and then."""
        if time.monotonic() - self._told_at < PACE:
            return
        self._told_at = time.monotonic()
        doing = telling.doing(self.notebook.state.turns + 1, played, self._verb)
        self._verb = ""
        self._build.journal.note(f"{doing} ({telling.so_far(self._spent())}).")
        self.notebook.keep_files(self.read())
        self._keep_traces()
        self._keep_spent()

    def tell(self, call: dict[str, JsonValue]) -> None:
        """The agent has asked something of its Space."""
        self._verb = str(call["verb"])
        self.notebook.keep_call(call)

    def keep(self, state: State, workspace: Workspace) -> None:
        """A step of the loop is over."""
        self.notebook.state = state
        self.notebook.keep_files(workspace)
        self._keep_spent()

    def _spent(self) -> Spent:
        """What is in flight counts at its most."""
        held, state = self.ledger.held(), self.notebook.state
        under_way = time.monotonic() - self._begun if self._begun else 0.0
        return Spent(held.requests, held.tokens, round(held.usd, 6), round(state.seconds + under_way, 1))

    def _keep_spent(self) -> None:
        with self._one_at_a_time:
            self.notebook.keep_state(self._spent())

    def _keep_traces(self) -> None:
        """The session as it is and redacted, what the turns took, and each request."""
        folder, journal = self._build.folder / "traces", self._build.journal
        keep_traces(folder, self.session.read_bytes(), self.notebook.reports, journal.redactor)
        for name, kept in TRACES.items():
            journal.write_bytes(kept, (folder / name).read_bytes())
        self.notebook.keep_ledger(self.ledger.entries)
        if self.log.exists():
            journal.write(OUTPUT, self.log.read_text(encoding="utf-8", errors="replace"))
