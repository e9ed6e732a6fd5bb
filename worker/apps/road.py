"""The road of a custom app: its files as they are, a private Space, calls, and its own judge."""

from worker.apps import read_app
from worker.apps.answers import Said, Visit
from worker.apps.judges import JUDGES
from worker.build import Build
from worker.contract import Probe, Weights
from worker.errors import Failed
from worker.hub import Hub
from worker.judging import LARGEST_EXAMPLE, summary
from worker.screenshot import picture
from worker.space import Space, Wanted, create_space, look_at, upload
from worker.space_logs import read_logs
from worker.validate.answers import Answered
from worker.validate.calls import Calls
from worker.validate.client import AppClient
from worker.validate.probes import Plans, Turn

NO_WEIGHTS = Weights(proven=False, reason="It shows no model, so there are no weights.")
LONGEST_VALUE = 500


def choose(build: Build, _hub: Hub) -> str:
    assert build.spec.app
    build.app, build.weights = read_app(build.spec.app), NO_WEIGHTS
    if build.spec.hardware not in {None, build.app.hardware}:
        build.journal.note(f"{build.spec.hardware} was not asked for. {build.app.why_hardware}")
    return f"Blueprint {build.app.name}: {build.app.summary} {build.app.hardware}: {build.app.why_hardware}"


def write(build: Build, _hub: Hub) -> str:
    _write(build, build.spec.target_space)
    return f"{len(build.files)} files: {', '.join(sorted(build.files))}."


def publish(build: Build, hub: Hub) -> str:
    assert build.app
    spec = build.spec
    space = create_space(hub, spec.target_space, spec.run_id, Wanted(options=()))
    _is_named(build, space)
    message = f"{build.app.title}, by Space Factory"
    build.commit = upload(hub, space, spec.run_id, build.files, message)
    build.space, build.private = look_at(hub, space)
    return f"Uploaded to {space.id} as {build.commit[:7]}, private, on {space.hardware}."


def judge(build: Build, hub: Hub) -> str:
    """Call the Space as its blueprint says, and let its own judge measure what came."""
    assert build.app and build.running and build.space
    space_id = build.space.id
    client = AppClient(build.running.host, hub.token, folder=build.folder / "answers")
    offered = client.app()
    build.schema = offered.schema
    if build.app.endpoint not in offered.endpoints:
        raise Failed("evidence", f"The Space has no endpoint {build.app.endpoint}.")
    listed = hub.call(lambda: hub.api.space_info(space_id)).siblings or []
    tracked = tuple(each.rfilename for each in listed)
    judged = JUDGES[build.app.name](Visit(build.app, client, build.health, build.files, tracked))
    build.calls, build.evidence = _calls(build.app.endpoint, judged.calls), judged.evidence
    for file in build.calls.files:
        if file.stat().st_size <= LARGEST_EXAMPLE:
            build.journal.write_bytes(f"artifacts/{file.name}", file.read_bytes())
    picture(build, hub)
    build.logs = read_logs(hub, space_id)
    return summary(build.calls.answers, build.evidence)


def _write(build: Build, space_id: str) -> None:
    assert build.app
    build.files = build.app.files(space_id)
    for name, text in build.files.items():
        build.journal.write(f"generated/{name}", text)


def _is_named(build: Build, space: Space) -> None:
    """It may have the next free name; then its page must say so."""
    build.space = space
    build.journal.space_is(space.id)
    if space.id != build.spec.target_space:
        build.journal.note(f"The name {build.spec.target_space} is taken; the Space is {space.id}.")
        _write(build, space.id)


def _calls(endpoint: str, made: tuple[Said, ...]) -> Calls:
    """As every other Space's: what was asked, what came, and the files."""
    # Refusals are answers too, and no errors.
    probed = [said for said in made if "says" not in said.probe.expected and said.probe.expected]
    return Calls(
        plans=Plans(has_content=True),
        answers=tuple(
            Answered(turn=Turn.FIRST, content=number, error=said.reply.error, seconds=said.reply.seconds)
            for number, said in enumerate(probed)
        ),
        probes=tuple(_probe(endpoint, said) for said in made),
        files=tuple(dict.fromkeys(file for said in probed for file in said.reply.files)),
    )


def _probe(endpoint: str, said: Said) -> Probe:
    output = said.reply.output if isinstance(said.reply.output, list) else []
    told = next((each for each in output if isinstance(each, dict)), None)
    return Probe(
        endpoint=endpoint,
        inputs={name: str(value)[:LONGEST_VALUE] for name, value in said.probe.inputs.items()},
        output=told,
        seconds=said.reply.seconds,
        error=said.reply.error,
    )
