"""Waits until a Space runs the commit we pushed: by sha and stage, with deadlines of our own.

Right after an upload the Hub may say 404, NO_APP_FILE, or RUNNING for the commit before; none of these is an
answer yet.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
from huggingface_hub import SpaceRuntime
from huggingface_hub.errors import HfHubHTTPError
from pydantic import JsonValue

from worker.errors import Failed
from worker.hub import Hub
from worker.space import Space

BROKEN = {
    "BUILD_ERROR": "build_error",
    "CONFIG_ERROR": "config_error",
    "RUNTIME_ERROR": "runtime_error",
}
HALTED = frozenset({"PAUSED", "STOPPED", "DELETING"})
UNSETTLED = frozenset({"MISSING", "NO_APP_FILE", "STALE"})
HEALTH_PATHS = ("/gradio_api/health", "/health")


@dataclass(frozen=True)
class Patience:
    """Deadlines in seconds. The run's budget is above all of them."""

    settle: float = 60
    """For 404, NO_APP_FILE and stages of another commit to pass."""
    build: float = 1200
    """From the upload until the Space runs."""
    health: float = 120
    shortest: float = 0.2
    """Between two looks, at first. The longer the wait was, the less a moment more matters."""
    longest: float = 1

    def pause(self, waited: float) -> None:
        time.sleep(min(max(self.shortest, waited / 10), self.longest))


@dataclass(frozen=True)
class Running:
    """A Space that runs our commit."""

    host: str
    hardware: str | None


class SpaceBroke(Failed):
    """The Space ended in an error stage; its logs say why."""


def wait_until_running(
    hub: Hub, space: Space, commit: str, note: Callable[[str], None], patience: Patience
) -> Running:
    """Returns when the Space runs this commit. SpaceBroke when it cannot, Failed when it takes too long."""
    started = time.monotonic()
    seen = ""
    while (waited := time.monotonic() - started) < patience.build:
        runtime = _runtime(hub, space.id)
        stage = _stage(runtime, commit)
        if stage != seen:
            note(f"The Space is {stage}.")
            seen = stage
        if stage == "RUNNING" and runtime is not None:
            return Running(host=_host(hub, space.id), hardware=runtime.hardware)
        _raise_if_over(space, stage, runtime, waited > patience.settle)
        patience.pause(waited)
    raise Failed("start_timeout", f"{space.id} was still {seen} after {patience.build:.0f} s.")


def wait_for_health(running: Running, token: str, patience: Patience) -> dict[str, JsonValue] | None:
    """What the app says about itself, as JSON; None if it says nothing of the kind in time."""
    started = time.monotonic()
    with httpx2.Client(headers={"x-hf-authorization": f"Bearer {token}"}, timeout=10) as client:
        while (waited := time.monotonic() - started) < patience.health:
            for path in HEALTH_PATHS:
                if (said := _health(client, running.host.rstrip("/") + path)) is not None:
                    return said
            patience.pause(waited)
    return None


def _health(client: httpx2.Client, url: str) -> dict[str, JsonValue] | None:
    try:
        answer = client.get(url)
        said = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _runtime(hub: Hub, space_id: str) -> SpaceRuntime | None:
    try:
        return hub.call(lambda: hub.api.get_space_runtime(space_id))
    except HfHubHTTPError as error:
        if error.response.status_code != 404:
            raise
        return None


def _stage(runtime: SpaceRuntime | None, commit: str) -> str:
    """The Hub's word; STALE if it is how another commit ended, MISSING where there is none yet."""
    if runtime is None:
        return "MISSING"
    stage, about = str(runtime.stage), runtime.raw.get("sha")
    over = stage == "RUNNING" or stage in BROKEN
    return "STALE" if over and about and about != commit else stage


def _raise_if_over(space: Space, stage: str, runtime: SpaceRuntime | None, settled: bool) -> None:
    if stage in BROKEN:
        said = runtime.raw.get("errorMessage") if runtime else None
        raise SpaceBroke(BROKEN[stage], str(said or f"{space.id} ended as {stage}."))
    if stage in HALTED:
        raise Failed("space_halted", f"{space.id} is {stage}: somebody, or the Hub, halted it.")
    if stage in UNSETTLED and settled:
        raise Failed("start_timeout", f"The Hub did not take up our commit: {space.id} is still {stage}.")


def _host(hub: Hub, space_id: str) -> str:
    host = hub.call(lambda: hub.api.space_info(space_id)).host
    if not host:
        raise Failed("hub_error", f"The Hub does not say where {space_id} answers.")
    return str(host)
