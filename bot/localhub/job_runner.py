"""Runs Jobs as processes of this machine: in a fresh folder, with an environment built from nothing.

Every image stands for this machine: the Hub's own Python comes first on PATH, and PYTHONPATH is the folder
the Hub was started in.
"""

import importlib.util
import logging
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.localhub import child_environment, hardware, misbehaviour, processes, volumes
from bot.localhub.job_records import Job, Stage, change, folder_of, log_of
from bot.localhub.misbehaviour import Switch
from bot.localhub.state import Hub, now

AT_ONCE = 4
"""Jobs that run at the same time; the others wait in SCHEDULING."""
STARTED_IN = Path.cwd()
NO_UV = "uv: not found. Every image here stands for the Hub's own machine: install uv there"
_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
_runs: dict[str, "Run"] = {}
"""Jobs on their way, by id."""

Outcome = tuple[Stage, str | None]


class Run:
    """One Job on its way to an end. Its secrets are kept here and nowhere else."""

    def __init__(self, hub: Hub, job: Job, secrets: Mapping[str, str]) -> None:
        self.hub = hub
        self._job = job
        self._secrets = secrets
        self._lock = threading.Lock()
        self._ordered: Outcome | None = None
        self._process: processes.Process | None = None
        self._told = threading.Event()
        self._over = threading.Event()
        self._turn = _pool.submit(self._run)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def end(self, stage: Stage, message: str | None = None) -> None:
        """Order the Job to end like this; returns when it has. The first order counts."""
        with self._lock:
            self._ordered = self._ordered or (stage, message)
            process = self._process
        self._told.set()
        if process is not None:
            process.stop()
        if self._turn.cancel():
            self._finish(self._ordered)
        self._over.wait()

    def _run(self) -> None:
        try:
            outcome = self._ordered or self._misbehaved() or self._all_attempts()
        except Exception as error:
            # Whatever happened, a Job must not stay RUNNING for ever.
            logging.getLogger(__name__).exception("Job %s could not be run", self._job.id)
            outcome = (Stage.ERROR, f"The Hub could not run the Job: {error}")
        self._finish(outcome)

    def _misbehaved(self) -> Outcome | None:
        """How the Job ends when a switch says that it goes wrong; `key` is its namespace."""
        namespace = self._job.owner.name
        if misbehaviour.asks(self.hub, Switch.JOB_STUCK, namespace):
            self._told.wait()
            return self._ordered
        if misbehaviour.asks(self.hub, Switch.JOB_WITHOUT_FILES, namespace):
            change(self.hub, self._job.id, stage=Stage.RUNNING, started_at=now())
            return Stage.COMPLETED, None
        return None

    def _all_attempts(self) -> Outcome:
        change(self.hub, self._job.id, stage=Stage.RUNNING, started_at=now())
        deadline = time.monotonic() + self._job.timeout_seconds
        code = None
        for _ in range(self._job.attempts):
            code = self._attempt(deadline)
            if self._ordered is not None:
                return self._ordered
            if code == 0:
                return Stage.COMPLETED, None
        return Stage.ERROR, f"Job failed with exit code: {code}"

    def _attempt(self, deadline: float) -> int | None:
        """The exit code of one go, None if the Job was ordered to end before it."""
        log = log_of(self.hub, self._job.id)
        work = folder_of(self.hub, self._job.id) / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        mounted = volumes.mount(self.hub, self._job.volumes, work.with_name("volumes"))
        command = [mounted(word) for word in (*self._job.command, *self._job.arguments)]
        given = {name: mounted(value) for name, value in self._job.environment.items()}
        environment = self._environment(work.with_name("home"), given)
        with self._lock:
            if self._ordered is not None:
                return None
            log.write(f"===== Job started at {now()} =====")
            self._process = processes.start(_found(command), cwd=work, env=environment, on_line=log.write)
        try:
            return self._process.wait(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            self._ordered = self._ordered or (Stage.ERROR, "Job timeout")
            return self._process.stop()

    def _environment(self, home: Path, given: Mapping[str, str]) -> dict[str, str]:
        return {
            **child_environment.base(home, Path(sys.executable)),
            "PYTHONPATH": str(STARTED_IN),
            "HF_ENDPOINT": self.hub.endpoint,
            "UV_CACHE_DIR": str(self.hub.folder / "cache" / "uv"),
            **self.hub.image_variables,
            **given,
            **self._secrets,
            "JOB_ID": self._job.id,
            **hardware.FOR_JOBS[self._job.flavor].environment(),
        }

    def _finish(self, outcome: Outcome) -> None:
        stage, message = outcome
        for name in ("work", "home"):
            shutil.rmtree(folder_of(self.hub, self._job.id) / name, ignore_errors=True)
        volumes.unmount(folder_of(self.hub, self._job.id) / "volumes")
        change(self.hub, self._job.id, stage=stage, message=message, finished_at=now())
        _runs.pop(self._job.id, None)
        self._over.set()


def _found(command: list[str]) -> list[str]:
    """The command as this machine has it: uv may be here only as a module of the Hub's own Python."""
    if command[0] != "uv" or shutil.which("uv", path=child_environment.path(Path(sys.executable))):
        return command
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", *command]
    return [sys.executable, "-c", f"import sys; sys.exit({NO_UV!r})"]


def pid_of(job_id: str) -> int | None:
    """The process above all of the Job's, while it runs."""
    run = _runs.get(job_id)
    return run.pid if run is not None else None


def start(hub: Hub, job: Job, secrets: Mapping[str, str]) -> None:
    with hub.lock:
        _runs[job.id] = Run(hub, job, secrets)


def end(job_id: str, stage: Stage, message: str | None = None) -> None:
    """End a Job that is still on its way; returns when none of its processes is left."""
    if run := _runs.get(job_id):
        run.end(stage, message)


def end_all(hub: Hub, stage: Stage, message: str) -> None:
    runs = [run for run in list(_runs.values()) if run.hub is hub]
    endings = [threading.Thread(target=run.end, args=(stage, message)) for run in runs]
    for ending in endings:
        ending.start()
    for ending in endings:
        ending.join()
