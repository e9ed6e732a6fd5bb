"""The floor of a build: the same app started by hand on the same machine, and called once."""

import time
from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.worker.running_apps import environment_for, running_app
from worker.validate.client import AppClient


def seconds_by_hand(
    hub: LocalHub, generated: Path, endpoint: str, inputs: dict[str, object], folder: Path
) -> float:
    """From starting `app.py` of these generated files until its first answer. Its packages are there."""
    folder.mkdir(parents=True)
    # One for all rounds: installing packages is not what is measured, in the Job neither.
    python = environment_for(generated / "requirements.txt", hub.folder.parent / "environments")
    started = time.monotonic()
    with running_app(python, generated / "app.py", folder, hub.endpoint, HF_TOKEN=hub.token("alice")) as app:
        wait_until(lambda: app.get("/health").status_code == 200, "the app's health", seconds=120)
        reply = AppClient(app.url, None).call(endpoint, inputs)  # type: ignore[arg-type]  # JSON or paths
    assert reply.error is None, reply.error
    return time.monotonic() - started
