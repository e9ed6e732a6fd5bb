"""The author's stage of a build: everything around the agent, set up, and taken down however it ends.

Ends with an app that is published, called and judged, or with the reason why there is none.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

from worker.author import proving, smoke
from worker.author.assignment import task_of
from worker.author.brief import brief_files, write_brief
from worker.author.broker import Broker
from worker.author.confinement import Confinement
from worker.author.decisions import Backend, Fault, Stage, State
from worker.author.direct import asking
from worker.author.guard import Allowed, Refusal, check
from worker.author.install import Installed
from worker.author.known_errors import Where
from worker.author.laboratory import Laboratory
from worker.author.level import Level
from worker.author.loop import Effects, Instructions, Loop
from worker.author.models import ChosenModel
from worker.author.pi import Pi
from worker.author.recorder import Recorder
from worker.author.router import HUGGING_FACE, Router
from worker.author.turns import Budget
from worker.author.workspace import Workspace
from worker.build import Build
from worker.contract import AuthorMode, Mode
from worker.errors import Blocked, Failed
from worker.hub import Hub
from worker.space import Space

CONFINEMENT = "author/confinement.json"
NOT_PUSHED = (
    "Your Space does not have these files: publish them yourself with `space push`, and see that they run."
)


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
        model = wishes.model
        self._start = dict(build.files)
        self._rehearsing = Lock()
        self._rehearsed: tuple[Mapping[str, bytes], Fault | None] | None = None
        model = wishes.model
        new = State(backend=Backend.PI if wishes.installed else Backend.DIRECT)
        self._recorder = Recorder(build, wishes.budget, model.prices, new, place.workspace, place.uid)
        self._router = stack.enter_context(
            Router(
                hub.token,
                models=[model.name],
                ledger=self._recorder.ledger,
                upstream=wishes.upstream,
                bill_to=wishes.bill_to,
            )
        )
        self._laboratory = Laboratory(
            hub,
            build.spec.run_id,
            make_space,
            self._recorder.read,
            self._check,
            build.journal.redactor,
            unfit=self._unfit,
            wished=build.spec.target_space,
        )
        self._broker = stack.enter_context(Broker(self._laboratory, self._recorder.tell))

    def run(self, why: str) -> State:
        build, place, notebook = self._build, self._place, self._recorder.notebook
        task = task_of(build, self._hub, why)
        place.put(notebook.files or {path: text.encode() for path, text in build.files.items()})
        folder = place.shown / "brief"
        write_brief(folder, task, place.workspace)
        instructions = Instructions(folder, brief_files(task, place.workspace))
        return Loop(self._effects(), instructions, self._wishes.budget, notebook.state).run()

    def _effects(self) -> Effects:
        recorder, installed, model = self._recorder, self._wishes.installed, self._wishes.model
        ask = asking(self._router.address, self._router.key, model.name, recorder.ledger.totals)
        return Effects(
            turn=recorder.kept(self._pi(installed)) if installed else None,
            ask=recorder.kept(recorder.written_down(ask)),
            read=recorder.read,
            put=self._place.put,
            check=self._check,
            rehearse=self._rehearse,
            publish=self._publish,
            probe=lambda _workspace: proving.probe(self._build, self._hub) or self._unseen(),
            keep=lambda state, workspace: recorder.keep(state, self._laboratory.as_published(workspace)),
            note=self._build.journal.note,
            pushed=lambda: self._laboratory.commit,
        )

    def _pi(self, installed: Installed) -> Pi:
        return Pi(
            installed=installed,
            place=self._place,
            router=self._router,
            model=self._wishes.model,
            session=self._recorder.session,
            log=self._recorder.log,
            ports=(self._broker.port,),
            environment=self._broker.environment,
            watch=self._recorder.watch,
            seconds=self._recorder.notebook.state.seconds,
        )

    def _check(self, workspace: Workspace) -> tuple[Refusal, ...]:
        build = self._build
        assert build.card and build.plan
        allowed = Allowed(build.card, build.plan.blueprint.endpoint, build.spec.trust_remote_code)
        refused = check(workspace, allowed, build.journal.redactor)
        if build.spec.author_mode is AuthorMode.SMOKE:
            return (*smoke.refusals(workspace, self._start, build.spec.run_id), *refused)
        return refused

    def _rehearse(self, workspace: Workspace) -> Fault | None:
        """Beside a twin, once for the same files: the agent may have had it done already."""
        with self._rehearsing:
            if self._rehearsed is None or self._rehearsed[0] != workspace.files:
                self._rehearsed = workspace.files, proving.rehearse(self._build, self._hub, workspace)
            return self._rehearsed[1]

    def _unfit(self, workspace: Workspace) -> str | None:
        """Why no Space is made for these files yet; nothing where it is made whatever the twin says."""
        if self._build.spec.mode is not Mode.FULL_INFERENCE_GATED:
            return None
        fault = self._rehearse(workspace)
        return f"{fault.line}\n{fault.log[-2000:]}".strip() if fault else None

    def _publish(self, workspace: Workspace) -> Fault | None:
        """By the recipe the agent has done it itself, and nobody does it in its place."""
        if self._build.spec.author_mode is AuthorMode.RECIPE and not self._laboratory.has(workspace):
            return Fault(where=Where.ANY, line=NOT_PUSHED)
        return proving.publish(self._build, self._hub, self._laboratory, workspace)

    def _unseen(self) -> Fault | None:
        build = self._build
        if build.spec.author_mode is not AuthorMode.SMOKE or not build.running:
            return None
        return smoke.unseen(build.running.host, self._hub.token, build.spec.run_id)
