"""The phases in which the app is written, becomes a private Space, and starts."""

from worker.build import Build
from worker.contract import Mode
from worker.errors import Failed
from worker.hub import Hub
from worker.promotion import STAGING_OF, remove_staging, staging_name, standing
from worker.rehearsing import Rehearsing, check_before_spending
from worker.space import Space, Wanted, create_space, hardware_needed, look_at, upload, volume_of
from worker.space_logs import read_logs
from worker.waiting import Patience, SpaceBroke, wait_for_health, wait_until_running
from worker.writing import write_space


def write(build: Build, hub: Hub) -> str:
    write_files(build, build.spec.target_space, hub.endpoint)
    if build.spec.mode is not Mode.SAFE_SCAFFOLD:
        build.rehearsal = Rehearsing(build, hub).result
    return f"{len(build.files)} files: {', '.join(sorted(build.files))}."


def publish(build: Build, hub: Hub) -> str:
    assert build.plan
    spec = build.spec
    choice = build.plan.choice
    check_before_spending(build)
    space = make_space(build, hub)
    if space.id != spec.target_space:
        write_files(build, space.id, hub.endpoint)
    message = f"Demo of {spec.model_id} at {spec.revision[:7]}, by Space Factory"
    build.commit = upload(hub, space, spec.run_id, build.files, message)
    build.space, build.private = look_at(hub, space)
    if refused := space.refusal or (None if choice.chosen else choice.reason):
        raise hardware_needed(space, build.plan.hardware, refused)
    return f"Uploaded to {space.id} as {build.commit[:7]}, private, on {space.hardware}."


def make_space(build: Build, hub: Hub) -> Space:
    """The Space, private, by the wished name or the next that is free."""
    wished, wanted = _wanted(build, hub)
    build.space = space = create_space(hub, wished, build.spec.run_id, wanted)
    build.journal.space_is(space.id)
    if space.id != wished:
        build.journal.note(f"The name {wished} is taken; the Space is {space.id}.")
    return space


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


def write_files(build: Build, space_id: str, endpoint: str) -> None:
    assert build.card and build.plan
    build.files = write_space(space_id, build.card, build.plan, endpoint)
    for name, text in build.files.items():
        build.journal.write(f"generated/{name}", text)


def _wanted(build: Build, hub: Hub) -> tuple[str, Wanted]:
    """The name to ask for, and what the Space is created with. A rebuild gets a staging Space."""
    assert build.plan
    spec, choice = build.spec, build.plan.choice
    wished, variables = spec.target_space, {}
    if spec.rebuild_of:
        build.standing = standing(hub, spec.rebuild_of)
        remove_staging(hub, spec.rebuild_of)
        wished, variables = staging_name(spec.rebuild_of), {STAGING_OF: spec.rebuild_of}
    return wished, Wanted(
        options=(choice.chosen, *choice.fallbacks) if choice.chosen else (),
        volume=volume_of(spec.model_id, spec.revision) if build.plan.mounted else None,
        variables=variables,
    )
