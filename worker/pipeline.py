"""The roads of the kinds of Job. Each phase is journaled before and after.

A phase returns one sentence about what it did, or raises; the run then ends with what is known so far.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from huggingface_hub.errors import GatedRepoError

from worker import existing_space, hello
from worker.build import Build
from worker.card import read_card
from worker.contract import App, BuildSpec, EventKind, Failure, Kind, Mode, Phase
from worker.errors import Blocked, Blocker, HardwareRefused, failure_of
from worker.hub import Hub
from worker.journal import RunIsOver
from worker.judging import validate
from worker.planning import plan
from worker.publishing import publish, start, write
from worker.rebuilding import promote

TRACE = "logs/worker_error.txt"

Walk = Callable[[Build, Hub], str]
Step = tuple[Phase, str, Walk]


def run_build(build: Build) -> None:
    """Walk the road until its end or the first phase that ends the run."""
    if not build.token:
        build.failure = Failure(category="no_token", message="The Job was started without HF_TOKEN.")
        build.journal.ended(road_of(build.spec)[0][0], EventKind.FAILED, build.failure.message)
        return
    with TemporaryDirectory(prefix="run-") as folder:
        build.folder = Path(folder)
        _walk(build, Hub(build.token))


def _walk(build: Build, hub: Hub) -> None:
    for phase, opening, walk in road_of(build.spec):
        build.journal.started(phase, opening)
        try:
            message = _own_way(build, phase, walk)(build, hub)
        except RunIsOver:
            return
        except GatedRepoError:
            end_with(build, phase, Blocked(_gated(build.spec.model_id, hub.endpoint)))
            return
        except Exception as error:  # whatever it is, the record must say so
            end_with(build, phase, error)
            return
        build.journal.ended(phase, EventKind.DONE, message)


def _own_way(build: Build, phase: Phase, usual: Walk) -> Walk:
    """What a phase is for this build: an app that has to be written goes a road of its own."""
    if build.plan is None or not build.plan.to_be_written:
        return usual
    from worker.authoring import WRITTEN  # not at each start: a server comes with it, and few builds need one

    return WRITTEN.get(phase, usual)


def _gated(model_id: str, endpoint: str) -> Blocker:
    message = (
        f"{model_id} is gated, and you have no access to it yet."
        f" Ask for it at {endpoint}/{model_id}, then ask again."
    )
    return Blocker(code="gated", message=message, tried="Its files were asked for with your own access.")


def end_with(build: Build, phase: Phase, error: Exception) -> None:
    """Keep why the run ends here. Errors of ours leave a trace in the record; nobody's log needs it."""
    match error:
        case Blocked():
            build.blockers = error.blockers
        case HardwareRefused():
            build.hardware_refusal = str(error)
        case _:
            build.failure = failure_of(error)
    build.journal.ended(phase, EventKind.FAILED, build.failure.message if build.failure else str(error))
    if build.failure and build.failure.category == "internal":
        build.journal.write(TRACE, "".join(traceback.format_exception(error)))
        build.journal.log(
            phase, EventKind.NOTE, f"This is an error of ours; {TRACE} of the record says where."
        )


def read(build: Build, hub: Hub) -> str:
    clean = build.journal.redactor.text
    build.card = card = read_card(hub, build.spec.model_id, build.spec.revision, clean)
    for remark in card.remarks:
        build.journal.note(remark)
    task, library = card.pipeline_tag or "no task given", card.library_name or "no library given"
    return f"{task}, {library}, {len(card.files)} files."


PLANNING: tuple[Step, ...] = (
    (Phase.CARD, "Reading the model card.", read),
    (Phase.PLAN, "Choosing a blueprint and hardware.", plan),
)
BUILDING: tuple[Step, ...] = (
    *PLANNING,
    (Phase.WRITE, "Writing the Space.", write),
    (Phase.PUBLISH, "Creating the private Space and uploading it.", publish),
    (Phase.START, "Waiting for the Space to run.", start),
)
VALIDATION: Step = (Phase.VALIDATE, "Calling the Space and judging its answers.", validate)
PROMOTION: Step = (Phase.PROMOTE, "Bringing the rebuilt app into its Space.", promote)
JUDGING: tuple[Step, ...] = (
    (Phase.CARD, "Looking at the Space.", existing_space.look),
    (Phase.START, "Waiting for the Space to run.", existing_space.wake),
    VALIDATION,
)
CHECKING: tuple[Step, ...] = (
    (Phase.ACCOUNT, "Looking whose account this is.", hello.account),
    (Phase.RECORD, "Writing the run record and reading it back.", hello.record),
)


def _road_of_app(spec: BuildSpec) -> tuple[Step, ...]:
    from worker.apps import road  # not at each start: few builds need it

    made: tuple[Step, ...] = (
        (Phase.PLAN, "Reading the blueprint.", road.choose),
        (Phase.WRITE, "Writing the Space.", road.write),
        (Phase.PUBLISH, "Creating the private Space and uploading it.", road.publish),
        (Phase.START, "Waiting for the Space to run.", start),
    )
    return made if spec.mode is Mode.SAFE_SCAFFOLD else (*made, (*VALIDATION[:2], road.judge))


def road_of(spec: BuildSpec) -> tuple[Step, ...]:  # noqa: PLR0911  # one for each kind
    """The phases of a Job, by its kind."""
    match spec:
        case BuildSpec(kind=Kind.BUILD, app=App()):
            return _road_of_app(spec)
        case BuildSpec(kind=Kind.HELLO):
            return CHECKING
        case BuildSpec(kind=Kind.PLAN):
            return PLANNING
        case BuildSpec(kind=Kind.VALIDATE):
            return JUDGING
        case BuildSpec(mode=Mode.SAFE_SCAFFOLD):
            return BUILDING
        case BuildSpec(rebuild_of=str()):
            return (*BUILDING, VALIDATION, PROMOTION)
        case _:
            return (*BUILDING, VALIDATION)
