"""The road of a build: card, plan, write, publish, start, validate. Each phase is journaled before and after.

A phase returns one sentence about what it did, or raises; the run then ends with what is known so far.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from worker.blueprints import Content, all_blueprints
from worker.build import Build
from worker.card import read_card
from worker.contract import EventKind, Failure, Phase
from worker.errors import Blocked, Failed, HardwareRefused, failure_of
from worker.hub import Hub
from worker.journal import RunIsOver
from worker.plan import make_plan
from worker.space import create_space, hardware_needed, upload
from worker.space_logs import read_logs
from worker.validate.calls import call_app
from worker.validate.client import AppClient
from worker.validate.evidence import judge
from worker.validate.pictures import picture
from worker.validate.probes import MOST_CONTENTS, Sample, texts_to_try
from worker.waiting import Patience, SpaceBroke, wait_for_health, wait_until_running
from worker.writing import write_space

LARGEST_EXAMPLE = 4 * 1024 * 1024
"""Bytes of an example picture."""


def run_build(build: Build) -> None:
    """Walk the road until its end or the first phase that ends the run."""
    if not build.token:
        build.failure = Failure(category="no_token", message="The Job was started without HF_TOKEN.")
        build.journal.ended(Phase.CARD, EventKind.FAILED, build.failure.message)
        return
    hub = Hub(build.token)
    for phase, opening, walk in ROAD:
        build.journal.started(phase, opening)
        try:
            message = walk(build, hub)
        except RunIsOver:
            return
        except Exception as error:  # whatever it is, the record must say so
            end_with(build, phase, error)
            return
        build.journal.ended(phase, EventKind.DONE, message)


def end_with(build: Build, phase: Phase, error: Exception) -> None:
    """Keep why the run ends here; a trace goes to the Job's log only, and only for errors of ours."""
    match error:
        case Blocked():
            build.blockers = error.blockers
        case HardwareRefused():
            build.hardware_refusal = str(error)
        case _:
            build.failure = failure_of(error)
    build.journal.ended(phase, EventKind.FAILED, build.failure.message if build.failure else str(error))
    if build.failure and build.failure.category == "internal":
        build.journal.say("".join(traceback.format_exception(error)))


def read(build: Build, hub: Hub) -> str:
    clean = build.journal.redactor.text
    build.card = card = read_card(hub, build.spec.model_id, build.spec.revision, clean)
    for remark in card.remarks:
        build.journal.note(remark)
    task, library = card.pipeline_tag or "no task given", card.library_name or "no library given"
    return f"{task}, {library}, {len(card.files)} files."


def plan(build: Build, _hub: Hub) -> str:
    assert build.card
    build.plan = plan = make_plan(build.card, build.spec.hardware, all_blueprints())
    return f"Blueprint {plan.blueprint.name} on {plan.hardware}. {plan.reason}"


def write(build: Build, hub: Hub) -> str:
    _write(build, build.spec.target_space, hub.endpoint)
    return f"{len(build.files)} files: {', '.join(sorted(build.files))}."


def publish(build: Build, hub: Hub) -> str:
    assert build.plan
    spec = build.spec
    build.space = space = create_space(hub, spec.target_space, spec.run_id, build.plan.hardware)
    build.journal.space_is(space.id)
    if space.id != spec.target_space:
        build.journal.note(f"The name {spec.target_space} is taken; the Space is {space.id}.")
        _write(build, space.id, hub.endpoint)
    message = f"Demo of {spec.model_id} at {spec.revision[:7]}, by Space Factory"
    build.commit = upload(hub, space, spec.run_id, build.files, message)
    build.private = bool(hub.call(lambda: hub.api.space_info(space.id)).private)
    if space.refusal:
        raise hardware_needed(space, build.plan.hardware)
    return f"Uploaded to {space.id} as {build.commit[:7]}, private, on {space.hardware}."


def start(build: Build, hub: Hub) -> str:
    assert build.space and build.commit
    patience = Patience()
    try:
        build.running = wait_until_running(hub, build.space, build.commit, build.journal.note, patience)
    except SpaceBroke as broke:
        build.logs = read_logs(hub, build.space.id)
        cause = build.logs.first_error(of_build=broke.category == "build_error")
        raise Failed(broke.category, cause or str(broke)) from broke
    build.health = wait_for_health(build.running, hub.token, patience)
    said = "answers its health check" if build.health else "does not answer its health check"
    return f"It runs on {build.running.hardware or 'hardware of an unknown kind'} and {said}."


def validate(build: Build, hub: Hub) -> str:
    assert build.plan and build.card and build.running and build.space
    client = AppClient(build.running.host, hub.token)
    blueprint = build.plan.blueprint
    build.schema = client.schema()
    samples = _samples(build, hub)
    build.calls = call_app(client, build.schema, blueprint.endpoint, blueprint.content, samples)
    build.evidence = judge(build.card, build.health, build.calls.answers)
    build.logs = read_logs(hub, build.space.id)
    refuted = [each.name for each in build.evidence if each.passed is False]
    asked = f"Called {len(build.calls.answers)} times; {len(build.evidence)} checks"
    return f"{asked}, failed: {', '.join(refuted)}." if refuted else f"{asked}, none failed."


def _write(build: Build, space_id: str, endpoint: str) -> None:
    assert build.card and build.plan
    build.files = write_space(space_id, build.card, build.plan, endpoint)
    for name, text in build.files.items():
        build.journal.write(f"generated/{name}", text)


def _samples(build: Build, hub: Hub) -> tuple[Sample, ...]:
    assert build.plan and build.card
    if build.plan.blueprint.content is Content.TEXT:
        return texts_to_try(build.plan.examples, build.card.expected)
    return _pictures(build, hub)


def _pictures(build: Build, hub: Hub) -> tuple[Sample, ...]:
    """The card's example pictures, filled up with drawn ones, as files that the record keeps too."""
    assert build.plan and build.card
    spec, card = build.spec, build.card
    small = [path for path in build.plan.examples if card.files[path] <= LARGEST_EXAMPLE][:MOST_CONTENTS]
    contents = [(path, hub.read(spec.model_id, spec.revision, path, LARGEST_EXAMPLE)) for path in small]
    contents += [("drawn.png", picture(variant)) for variant in range(MOST_CONTENTS - len(contents))]
    folder = Path(mkdtemp(prefix="probes-"))
    samples = []
    for number, (path, content) in enumerate(contents, 1):
        file = folder / f"probe-{number}{Path(path).suffix}"
        file.write_bytes(content)
        build.journal.write_bytes(f"artifacts/{file.name}", content)
        samples.append(Sample(value=file, expected=card.expected.get(path)))
    return tuple(samples)


ROAD: tuple[tuple[Phase, str, Callable[[Build, Hub], str]], ...] = (
    (Phase.CARD, "Reading the model card.", read),
    (Phase.PLAN, "Choosing a blueprint and hardware.", plan),
    (Phase.WRITE, "Writing the Space.", write),
    (Phase.PUBLISH, "Creating the private Space and uploading it.", publish),
    (Phase.START, "Waiting for the Space to run.", start),
    (Phase.VALIDATE, "Calling the Space and judging its answers.", validate),
)
