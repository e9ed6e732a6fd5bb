"""Plays turns with the Pi coding agent: a process per turn, judged by what it did and never by its exit code.

The session is kept outside of the agent's reach and handed in again for the next turn, so that a turn can
follow a budget's end, a stalled provider, or a process that was killed.
"""

import json
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from worker.author import pi_settings
from worker.author.confinement import Confinement, Process
from worker.author.install import PACKAGES, Installed
from worker.author.ledger import Totals
from worker.author.models import ChosenModel
from worker.author.pi_settings import Patience
from worker.author.router import Router
from worker.author.session import Played, moved_to, played, read_session, whole_lines
from worker.author.turns import TurnEnd, TurnReport
from worker.redact import Redactor

QUIET_FLAGS = (
    *("-p", "--tools", "read,bash,edit,write", "--no-extensions", "--no-mcp", "--no-skills"),
    *("--no-prompt-templates", "--no-themes", "--no-context-files", "--no-approve"),
)
"""Nothing that a workspace could bring along is loaded."""
ENVIRONMENT = {"PI_OFFLINE": "1", "PI_TELEMETRY": "0", "PI_SKIP_VERSION_CHECK": "1"}
POLL = 0.5
LEAST_SECONDS = 1.0
LONGEST_SAID = 4000
LARGEST_LOG, LONGEST_COMPLAINT = 65_536, 200
BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed later."""

Watch = Callable[[Played], None]
"""What the turn comes to so far; called again and again while it goes on."""


@dataclass
class Pi:
    """Calling it plays a turn. `session` and `log` are files of the worker's, kept over the turns."""

    installed: Installed
    place: Confinement
    router: Router
    model: ChosenModel
    session: Path
    log: Path
    ports: tuple[int, ...] = ()
    """Of the router's neighbours that the agent may reach too."""
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    watch: Watch = lambda played: None
    seconds: float = 0.0
    """That turns have taken so far."""

    def __call__(self, prompt: str) -> TurnReport:
        begun, before = time.monotonic(), self._totals()
        left = self.router.ledger.budget.seconds - self.seconds
        if left < LEAST_SECONDS:
            return _nothing("The run's time for writing is used up.")
        self.router.refused_for = ""
        turn = _Turn(self, prompt)
        try:
            end, problem = turn.play(begun + left)
        finally:
            turn.clear_away()
            self.seconds += time.monotonic() - begun
        did, took = turn.played, self._totals() - before
        return TurnReport(
            end=end,
            said=Redactor((self.router.key,)).text(did.said[:LONGEST_SAID]),
            tool_calls=did.tool_calls,
            requests=took.requests,
            tokens=took.tokens,
            usd=took.usd,
            seconds=time.monotonic() - begun,
            problem=problem,
        )

    def _totals(self) -> Totals:
        return self.router.ledger.totals()


class _Turn:
    """One process with a folder of its own, which nothing of an earlier turn can have prepared."""

    def __init__(self, pi: Pi, prompt: str) -> None:
        self.pi = pi
        name = f"turn-{secrets.token_hex(8)}"
        self.folder = pi.place.home / name
        self.session = self.folder / "sessions" / "session.jsonl"
        self.prompt = pi.place.shown / f"{name}.md"
        self.shell = pi.place.shown / f"{name}.sh"
        kept = whole_lines(pi.session.read_bytes()) if pi.session.exists() else b""
        self.before = moved_to(kept, pi.place.workspace)
        self.first_entry = len(pi.router.ledger.entries)
        self.log_before = pi.log.stat().st_size if pi.log.exists() else 0
        self.played = Played()
        self._lay_out(prompt)

    def play(self, deadline: float) -> tuple[TurnEnd, str]:
        pi = self.pi
        process = pi.place.start(
            self._command(),
            cwd=pi.place.workspace,
            env={**ENVIRONMENT, "PI_CODING_AGENT_DIR": str(self.folder / "agent"), **self._more()},
            log=pi.log,
            ports=(pi.router.port, *pi.ports),
            seconds=deadline - time.monotonic() + 60,
        )
        ended = self._follow(process, deadline)
        process.kill()  # and whatever it left behind
        self._keep()
        return ended or self._judge(process)

    def clear_away(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.prompt.unlink(missing_ok=True)
        self.shell.unlink(missing_ok=True)

    def _lay_out(self, prompt: str) -> None:
        pi = self.pi
        (self.folder / "agent").mkdir(parents=True)
        self.session.parent.mkdir()
        models = pi_settings.models(pi.router.address, pi.router.key, pi.model)
        settings = pi_settings.settings(pi.patience, str(self.shell), pi.model.context)
        (self.folder / "agent/models.json").write_text(json.dumps(models), encoding="utf-8")
        (self.folder / "agent/settings.json").write_text(json.dumps(settings), encoding="utf-8")
        if self.before:
            self.session.write_bytes(self.before)
        self.prompt.write_text(prompt, encoding="utf-8", errors="replace")
        self.prompt.chmod(0o644)
        shutil.copyfile(PACKAGES / "shell.sh", self.shell)
        self.shell.chmod(0o755)
        pi.place.own(self.folder)

    def _command(self) -> list[str]:
        model = ["--provider", pi_settings.PROVIDER, "--model", self.pi.model.name]
        session = ["--session-dir", str(self.session.parent), "--session", str(self.session)]
        return [*self.pi.installed.command, *QUIET_FLAGS, *model, *session, f"@{self.prompt}"]

    def _more(self) -> dict[str, str]:
        return {"COMMAND_SECONDS": f"{self.pi.patience.command:.0f}", **self.pi.environment}

    def _follow(self, process: Process, deadline: float) -> tuple[TurnEnd, str] | None:
        """Wait for the end; a reason to end it if one comes first."""
        heard = time.monotonic()
        while not process.wait(POLL):
            now = time.monotonic()
            heard = max(now if self._keep() else heard, self.pi.router.ledger.last_heard)
            self.pi.watch(self.played)
            if now > deadline:
                return TurnEnd.TIMED_OUT, "The turn took longer than the run has for writing."
            if now - heard > self.pi.patience.quiet:
                return TurnEnd.STALLED, f"Nothing happened for {self.pi.patience.quiet:.0f} seconds."
        return None

    def _keep(self) -> bool:
        """Take the session out of the agent's reach; whether there was something new in it."""
        place = self.pi.place
        session = read_session(place.home, f"{self.folder.name}/sessions/session.jsonl", place.uid)
        if not session or (self.pi.session.exists() and session == self.pi.session.read_bytes()):
            return False
        beside = self.pi.session.with_suffix(".new")
        beside.write_bytes(session)
        beside.chmod(0o600)
        beside.replace(self.pi.session)
        self.played = played(session, self.before)
        return True

    def _judge(self, process: Process) -> tuple[TurnEnd, str]:
        """The end, from the last answer in the session and from what the router has seen."""
        match self.played.stop:
            case "stop":
                return TurnEnd.DONE, ""
            case "length":
                return TurnEnd.BROKE, "The model's answer was cut off at its greatest length."
            case _ if self.pi.router.refused_for:
                return TurnEnd.OUT_OF_BUDGET, self.pi.router.refused_for
            case "error":
                return self._provider_problem()
            case _:
                return (
                    TurnEnd.BROKE,
                    f"The agent stopped in the middle: {process.why_ended()}{self._complaint()}.",
                )

    def _complaint(self) -> str:
        """The line of Pi's output that names an error, in brackets."""
        with self.pi.log.open("rb") as log:
            log.seek(self.log_before)
            lines = log.read(LARGEST_LOG).decode(errors="replace").splitlines()
        named = next((line.strip() for line in lines if "error" in line.lower()), "")
        said = Redactor((self.pi.router.key,)).text(named[:LONGEST_COMPLAINT])
        return f" ({said})" if said else ""

    def _provider_problem(self) -> tuple[TurnEnd, str]:
        entries = self.pi.router.ledger.entries[self.first_entry :]
        status = entries[-1].status if entries else 0
        said = Redactor((self.pi.router.key,)).text(self.played.error[:300])
        if status in BUSY or (entries and not status):
            return TurnEnd.STALLED, f"The model's provider failed again and again: {said}"
        return TurnEnd.BROKE, f"The model could not be asked: {said}"


def _nothing(problem: str) -> TurnReport:
    return TurnReport(TurnEnd.OUT_OF_BUDGET, "", 0, 0, 0, 0.0, 0.0, problem)
