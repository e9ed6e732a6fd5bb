"""The author's stage of a build: everything around the agent, set up, and taken down however it ends.

Ends with an app that is published, called and judged, or with the reason why there is none.
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from worker.author import proving
from worker.author.assignment import task_of
from worker.author.brief import brief_files, write_brief
from worker.author.broker import Broker
from worker.author.confinement import Confinement
from worker.author.decisions import Stage, State
from worker.author.direct import asking
from worker.author.guard import Allowed, Refusal, check
from worker.author.install import Installed
from worker.author.laboratory import Laboratory
from worker.author.level import Level
from worker.author.loop import Effects, Instructions, Loop
from worker.author.models import ChosenModel
from worker.author.pi import Pi
from worker.author.router import HUGGING_FACE, Router
from worker.author.traces import RAW, SHOWN, TURNS
from worker.author.traces import keep as keep_traces
from worker.author.turns import Budget, Turn, TurnReport
from worker.author.workspace import Workspace, read_workspace
from worker.build import Build
from worker.errors import Blocked, Failed
from worker.hub import Hub
from worker.space import Space

STATE, CALLS, CONFINEMENT = "author/state.json", "author/space_calls.jsonl", "author/confinement.json"
OUTPUT = "logs/pi_output.txt"
TRACES = {
    RAW: f"traces/raw/{RAW}",
    SHOWN: f"traces/redacted/{RAW}",
    TURNS: "author/turns.json",
}
"""Where the record has them."""
MOST_CALLS = 2000


@dataclass(frozen=True)
class Wishes:
    """What was decided about the writing before it began."""

    model: ChosenModel
    budget: Budget
    installed: Installed | None
    """Pi; None where the model is asked plainly from the beginning."""
    minimum: Level = Level.USER
    upstream: str = HUGGING_FACE
    bill_to: str = ""


def write_app(build: Build, hub: Hub, wishes: Wishes, make_space: Callable[[], Space], why: str) -> State:
    """Write, publish and prove the app; `build` holds what the report is made of.

    `build.files` is where the agent starts, and `why` says in a sentence what that is. Raises Blocked with
    what the agent found to be in the way, Failed where no app was accepted or the confinement is too weak.
    """
    with ExitStack() as stack:
        readable = wishes.installed.readable if wishes.installed else ()
        place = stack.enter_context(Confinement(wishes.minimum, readable))
        build.journal.write_json(CONFINEMENT, {"level": place.level.words, "minimum": wishes.minimum.words})
        build.journal.note(f"The coding agent gets {place.level.words}.")
        ended = _Stage(build, hub, wishes, make_space, place, stack).run(why)
    match ended.stage:
        case Stage.ACCEPTED:
            return ended
        case Stage.BLOCKED:
            raise Blocked(*ended.blockers)
        case Stage.OUT_OF_BUDGET:
            raise Failed("author_budget", f"The model could not finish the app. {ended.reason}")
        case _:
            raise Failed("author", f"The model could not write an app that works. {ended.reason}")


class _Stage:
    """The parts of one stage, joined to the build and its record."""

    def __init__(
        self,
        build: Build,
        hub: Hub,
        wishes: Wishes,
        make_space: Callable[[], Space],
        place: Confinement,
        stack: ExitStack,
    ) -> None:
        self._build, self._hub, self._wishes, self._place = build, hub, wishes, place
        self._calls: list[str] = []
        self._reports: list[TurnReport] = []
        model = wishes.model
        self._router = stack.enter_context(
            Router(
                hub.token,
                models=[model.name],
                prices=model.prices,
                budget=wishes.budget,
                upstream=wishes.upstream,
                ledger_file=build.folder / "ledger.jsonl",
                bill_to=wishes.bill_to,
            )
        )
        run_id, redactor = build.spec.run_id, build.journal.redactor
        self._laboratory = Laboratory(hub, run_id, make_space, self._read, self._check, redactor)
        self._broker = stack.enter_context(Broker(self._laboratory, self._tell))

    def run(self, why: str) -> State:
        build, place = self._build, self._place
        state, files = resumed(build)
        task = task_of(build, self._hub, why)
        place.put({path: text.encode() for path, text in (files or build.files).items()})
        folder = place.shown / "brief"
        write_brief(folder, task, place.workspace)
        instructions = Instructions(folder, brief_files(task, place.workspace))
        if state and (session := build.journal.read(TRACES[RAW])):
            self._session.write_text(session, encoding="utf-8")
        return Loop(self._effects(), instructions, self._wishes.budget, state).run()

    def _effects(self) -> Effects:
        build, hub = self._build, self._hub
        model = self._wishes.model
        plainly = asking(self._router.address, self._router.key, model.name, model.prices.of)
        return Effects(
            turn=self._kept(self._pi(self._wishes.installed)) if self._wishes.installed else None,
            ask=self._kept(plainly),
            read=self._read,
            put=self._place.put,
            check=self._check,
            rehearse=lambda workspace: proving.rehearse(build, hub, workspace),
            publish=lambda workspace: proving.publish(build, hub, self._laboratory, workspace),
            probe=lambda workspace: proving.probe(build, hub),
            keep=self._keep,
            note=build.journal.note,
        )

    def _pi(self, installed: Installed) -> Pi:
        return Pi(
            installed=installed,
            place=self._place,
            router=self._router,
            model=self._wishes.model,
            session=self._session,
            log=self._log,
            ports=(self._broker.port,),
            environment=self._broker.environment,
        )

    @property
    def _session(self) -> Path:
        return self._build.folder / "session.jsonl"

    @property
    def _log(self) -> Path:
        return self._build.folder / "pi.log"

    def _kept(self, turn: Turn) -> Turn:
        """The turn, with its report kept for the traces."""

        def played(prompt: str) -> TurnReport:
            self._reports.append(report := turn(prompt))
            self._keep_traces()
            return report

        return played

    def _read(self) -> Workspace:
        return read_workspace(self._place.workspace, self._place.uid)

    def _check(self, workspace: Workspace) -> tuple[Refusal, ...]:
        build = self._build
        assert build.card and build.plan
        allowed = Allowed(build.card, build.plan.blueprint.endpoint, build.spec.trust_remote_code)
        return check(workspace, allowed, build.journal.redactor)

    def _tell(self, call: dict[str, JsonValue]) -> None:
        self._calls = [*self._calls, json.dumps(call, ensure_ascii=False)][-MOST_CALLS:]
        self._build.journal.write(CALLS, "".join(f"{each}\n" for each in self._calls))

    def _keep(self, state: State, workspace: Workspace) -> None:
        for path, text in workspace.texts.items():
            self._build.journal.write(f"generated/{path}", text)
        names: list[JsonValue] = [*sorted(workspace.texts)]
        kept: dict[str, JsonValue] = {"state": state.model_dump(mode="json"), "files": names}
        self._build.journal.write_json(STATE, kept)

    def _keep_traces(self) -> None:
        """The session as it is and redacted, and what the turns took."""
        session = self._session.read_bytes() if self._session.exists() else b""
        folder, journal = self._build.folder / "traces", self._build.journal
        keep_traces(folder, session, self._reports, journal.redactor)
        for name, kept in TRACES.items():
            if (folder / name).exists():
                journal.write_bytes(kept, (folder / name).read_bytes())
        if self._log.exists():
            journal.write(OUTPUT, self._log.read_text(encoding="utf-8", errors="replace"))


def resumed(build: Build) -> tuple[State | None, dict[str, str]]:
    """Where a worker of this very run was stopped, and the files it had; nothing where there is none.

    What was shown of files that are there is shown again: only the turns are not repeated.
    """
    try:
        kept = json.loads(build.journal.read(STATE) or "{}")
        state = State.model_validate(kept["state"])
        files = {str(name): build.journal.read(f"generated/{name}") for name in kept["files"]}
    except (ValueError, KeyError, TypeError):
        return None, {}
    if state.over or None in files.values():
        return None, {}
    stage = Stage.WRITE if state.stage is Stage.WRITE else Stage.CHECK
    return state.model_copy(update={"stage": stage}), {name: text or "" for name, text in files.items()}
