"""A build, from the start of its Job to the verdict, beside starting the same app by hand and calling it."""

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.localhub import base_environment
from scripts.bench.table import Bench, Ours
from tests.harness.local_hub import LocalHub, people
from tests.harness.waiting import wait_until
from tests.models.conftest import ENVIRONMENT, publish
from tests.worker.models_on_the_hub import Model, zoo_model
from tests.worker.running_apps import environment_for, running_app
from tests.worker.worker_runs import WorkerRun, start_worker
from worker.contract import Report
from worker.twin.app_environment import BASE_VARIABLE
from worker.validate.client import AppClient

ZOO = ("product-reviews-sentiment", "handwritten-digits")
FAMILIES = ("bert-sentiment", "gpt2", "vit-animals")
LONGEST = 300


@contextmanager
def zoo(folder: Path) -> Iterator[list[Bench]]:
    """The light models that the local Hub brings."""
    os.environ[BASE_VARIABLE] = str(base_environment.prepare(print))
    with a_hub(folder, people("alice")) as hub:
        yield [_bench(hub, f"build zoo/{name}", zoo_model(hub, name), folder / name) for name in ZOO]


@contextmanager
def tiny_families(folder: Path) -> Iterator[list[Bench]]:
    """Tiny models that need torch, in the environment of `make test-models`."""
    os.environ["SPACE_BASE_ENVIRONMENT"] = os.environ[BASE_VARIABLE] = str(ENVIRONMENT)
    os.environ["OMP_NUM_THREADS"] = "1"
    with a_hub(folder, [*people("alice", "tiny"), "--no-zoo"]) as hub:
        models = {name: publish(hub, folder / "tiny", name) for name in FAMILIES}
        yield [_bench(hub, f"build tiny/{name}", model, folder / name) for name, model in models.items()]


@contextmanager
def a_hub(folder: Path, arguments: list[str]) -> Iterator[LocalHub]:
    folder.mkdir(parents=True)
    hub = LocalHub(folder / "hub", arguments).start()
    try:
        yield hub
    finally:
        hub.stop()


def _bench(hub: LocalHub, name: str, model: Model, folder: Path) -> Bench:
    builds = Builds(hub, model, folder)
    return Bench(name, builds.by_a_job, builds.by_hand)


@dataclass
class Builds:
    """Builds of one model on one Hub, each in a folder of its own."""

    hub: LocalHub
    model: Model
    folder: Path
    start: Callable[[LocalHub, Model, Path], WorkerRun] = start_worker
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _last: tuple[WorkerRun, Report] | None = None

    def by_a_job(self) -> Ours:
        """From the start of the worker's process to the report in its log's last line."""
        started = time.monotonic()
        run = self.start(self.hub, self.model, self._new_folder())
        report = run.ends(LONGEST)
        seconds = time.monotonic() - started
        assert report.space_id and report.probes, report.reason
        self.hub.api("alice").delete_repo(report.space_id, repo_type="space")
        self._last = run, report
        weights = "proven" if report.weights.proven else "not proven"
        by = f", {report.written_by}" if report.written_by else ""
        return Ours(seconds, _phases(report) | _rehearsal(run), f"{report.verdict}, weights {weights}{by}")

    def by_hand(self) -> float:
        """From the start of the app that the last Job wrote to its first answer. Its packages are there."""
        assert self._last
        run, report = self._last
        generated, probe, folder = run.record / "generated", report.probes[0], self._new_folder()
        inputs = {name: _given(run.record, value) for name, value in probe.inputs.items()}
        python = environment_for(generated / "requirements.txt", self.folder.parent / "environments")
        started = time.monotonic()
        with running_app(
            python, generated / "app.py", folder, self.hub.endpoint, HF_TOKEN=self.hub.token("alice")
        ) as app:
            wait_until(lambda: app.get("/health").status_code == 200, "the app's health", seconds=LONGEST)
            reply = AppClient(app.url, None).call(probe.endpoint, inputs)  # type: ignore[arg-type]  # JSON or paths
            seconds = time.monotonic() - started
        assert reply.error is None, reply.error
        return seconds

    def _new_folder(self) -> Path:
        folder = self.folder / str(next(self._numbers))
        folder.mkdir(parents=True)
        return folder


def _phases(report: Report) -> dict[str, float]:
    return {
        each.phase.value: (each.ended_at - each.started_at).total_seconds()
        for each in report.phases
        if each.ended_at
    }


def _rehearsal(run: WorkerRun) -> dict[str, float]:
    """Its parts, which run beside the phases from `write` on."""
    file = run.record / "tests" / "rehearsal.json"
    parts: dict[str, float] = json.loads(file.read_text())["seconds"] if file.exists() else {}
    return {f"twin:{name}": seconds for name, seconds in parts.items()}


def _given(record: Path, value: object) -> object:
    """A file of the record as a path, anything else as it is."""
    file = record / value if isinstance(value, str) and value.startswith("artifacts/") else None
    return file if file and file.exists() else value
