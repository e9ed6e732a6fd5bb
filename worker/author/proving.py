"""Whether an app that somebody wrote may be called done: the twin, the Space, and the gate of every build.

Each function fills in the build as the phases of a blueprint do: the report is made of the same things.
"""

from worker.author.decisions import Fault
from worker.author.known_errors import Where
from worker.author.laboratory import Laboratory
from worker.author.workspace import Workspace
from worker.build import Build
from worker.contract import EventKind, Verdict
from worker.errors import Failed
from worker.hub import Hub
from worker.judging import samples_of, validate
from worker.rehearsing import facts_of
from worker.space import hardware_needed, look_at
from worker.space_logs import Logs, first_error_line, read_logs
from worker.twin.evidence import evidence_of
from worker.twin.run import rehearse as rehearse_beside_twin
from worker.validate.gate import decide
from worker.waiting import Patience, SpaceBroke, wait_for_health, wait_until_running

RAN = frozenset({"twin_boots", "twin_answers"})
"""Checks of the twin that speak of an app that broke, and not of one that answers wrongly."""
IN_THE_HUBS_WORDS = frozenset({"config_error"})


def rehearse(build: Build, hub: Hub, workspace: Workspace) -> Fault | None:
    """Beside a twin of the model; None as well where there can be no twin, which the record then says."""
    assert build.card and build.plan
    build.files = workspace.texts
    folder = build.folder / "rehearsal"
    folder.mkdir(exist_ok=True)
    rehearsal = rehearse_beside_twin(
        build.files,
        build.card,
        hub,
        facts_of(build),
        samples_of(build, hub),
        folder,
        lambda said: build.journal.log("twin", EventKind.NOTE, said),
    )
    build.rehearsal = lambda: rehearsal
    wrong = next((each for each in evidence_of(rehearsal) if each.passed is False), None)
    if wrong is None:
        return None
    if wrong.name in RAN:
        return Fault(where=Where.RUN, line=first_error_line(wrong.detail) or wrong.detail, log=wrong.detail)
    return Fault(where=Where.PROBE, line=f"The check “{wrong.name}” failed: {wrong.detail}")


def publish(build: Build, hub: Hub, laboratory: Laboratory, workspace: Workspace) -> Fault | None:
    """Into the Space, until it runs this very commit. Raises HardwareRefused where a person has to act."""
    pushed = laboratory.publish(workspace)
    published = laboratory.as_published(workspace)
    build.files, build.written = published.texts, published.files
    build.commit, build.space = pushed.commit, laboratory.space
    assert build.space and build.plan
    build.journal.space_is(build.space.id)
    build.space, build.private = look_at(hub, build.space)
    choice = build.plan.choice
    if refused := build.space.refusal or (None if choice.chosen else choice.reason):
        raise hardware_needed(build.space, build.plan.hardware, refused)
    build.running = build.health = None
    try:
        build.running = wait_until_running(hub, build.space, build.commit, build.journal.note, Patience())
    except SpaceBroke as broke:
        return _broken(build, hub, broke)
    except Failed as failed:
        if failed.category != "start_timeout":
            raise
        build.logs = read_logs(hub, build.space.id)
        return Fault(where=Where.RUN, line=str(failed), log=build.logs.run)
    build.health = wait_for_health(build.running, hub.token, Patience())
    return None


def probe(build: Build, hub: Hub) -> Fault | None:
    """Called and judged as every Space is; None where the gate is satisfied."""
    validate(build, hub)
    decision = decide(build.findings())
    if decision.verdict is Verdict.FULL_INFERENCE_SUCCESS:
        return None
    logs = build.logs or Logs()
    failed = next((each.error for each in (build.calls.answers if build.calls else ()) if each.error), "")
    line = first_error_line(logs.run) if failed else None
    said = " ".join(part for part in (decision.reason, failed, line) if part)
    return Fault(where=Where.PROBE, line=said, log=logs.run if failed else "")


def _broken(build: Build, hub: Hub, broke: SpaceBroke) -> Fault:
    assert build.space
    build.logs = logs = read_logs(hub, build.space.id)
    of_build = broke.category == "build_error"
    if broke.category in IN_THE_HUBS_WORDS:
        return Fault(where=Where.CONFIG, line=str(broke), log=logs.build)
    line = logs.first_error(of_build=of_build) or str(broke)
    where = Where.BUILD if of_build else Where.RUN
    return Fault(where=where, line=line, log=logs.build if of_build else logs.run)
