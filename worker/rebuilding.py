"""The last phase of a rebuild: what succeeded in staging goes into the Space that people use."""

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from worker import promotion
from worker.build import Build
from worker.contract import Verdict
from worker.errors import Failed, failure_of
from worker.hub import Hub
from worker.publishing import start, write_files
from worker.validate.client import AppClient
from worker.validate.gate import decide
from worker.writing import renamed

TROUBLE = (Failed, HfHubHTTPError, httpx2.TransportError)
"""After the promotion, nothing of it may leave an unproven app in the Space that people use."""


def promote(build: Build, hub: Hub) -> str:
    """Only what succeeded in staging comes in, and only what also answers there stays."""
    assert build.standing and build.space
    old, staging = build.standing, build.space.id
    build.space = build.space.model_copy(
        update={"id": old.id, "repo": old.repo, "url": f"{hub.endpoint}/spaces/{old.id}"}
    )
    build.journal.space_is(old.id)
    try:
        if decide(build.findings()).verdict is not Verdict.FULL_INFERENCE_SUCCESS:
            build.commit = old.commit
            return f"{old.id} was left as it is."
        files = _files(build, hub, staging, old.id)
        build.commit = promotion.promote(hub, old, files, f"{build.spec.model_id}, rebuilt by Space Factory")
        _keep_or_restore(build, hub)
    finally:
        promotion.remove_staging(hub, old.id)
    return f"{old.id} is now at {build.commit[:7]}; before it was at {old.commit[:7]}."


def _files(build: Build, hub: Hub, staging: str, target: str) -> dict[str, bytes]:
    """What was judged in staging, with the name of the Space that it goes into."""
    if build.written:
        return renamed(build.written, staging, target)
    write_files(build, target, hub.endpoint)
    return {path: text.encode() for path, text in build.files.items()}


def _keep_or_restore(build: Build, hub: Hub) -> None:
    """The promoted Space must answer; the files of before come back where it does not."""
    assert build.standing and build.commit and build.space
    try:
        start(build, hub)
        problem = _first_call(build, hub)
    except TROUBLE as error:
        problem = failure_of(error).message
    if problem:
        what = f"The rebuilt app failed in {build.space.id}, {_files_of_before(build, hub)}"
        raise Failed("promotion", f"{what}: {problem}")


def _files_of_before(build: Build, hub: Hub) -> str:
    """Bring them back; what is said of it."""
    assert build.standing and build.commit
    try:
        build.commit = promotion.restore(hub, build.standing, build.commit)
    except TROUBLE as error:
        which = f"and its files of before, {build.standing.commit[:7]}"
        return f"{which}, could not be brought back ({failure_of(error).message.rstrip('.')})"
    return "which has its files of before again"


def _first_call(build: Build, hub: Hub) -> str | None:
    """The error of calling the Space once more as it was called first; None where it answered."""
    assert build.running and build.calls
    probe = build.calls.plans.probes[0]
    client = AppClient(build.running.host, hub.token)
    return client.call(probe.endpoint, probe.inputs).error
