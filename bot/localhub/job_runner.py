"""Runs Jobs as processes of this machine: in a fresh folder, with an environment built from nothing.

Every image stands for this machine: the Hub's own Python comes first on PATH, and PYTHONPATH is the folder
the Hub was started in. A mounted bucket is emulated by writing its folder in place of the mount path.
"""

import logging
import re
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.localhub import child_environment, hardware, processes
from bot.localhub.bucket_records import Bucket
from bot.localhub.bucket_records import folder_of as folder_of_bucket
from bot.localhub.job_records import Job, Stage, Volume, change, folder_of, log_of
from bot.localhub.state import Hub, now

AT_ONCE = 4
"""Jobs that run at the same time; the others wait in SCHEDULING."""
STARTED_IN = Path.cwd()
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
        self._over = threading.Event()
        self._turn = _pool.submit(self._run)

    def end(self, stage: Stage, message: str | None = None) -> None:
        """Order the Job to end like this; returns when it has. The first order counts."""
        with self._lock:
            self._ordered = self._ordered or (stage, message)
            process = self._process
        if process is not None:
            process.stop()
        if self._turn.cancel():
            self._finish(self._ordered)
        self._over.wait()

    def _run(self) -> None:
        try:
            outcome = self._ordered or self._all_attempts()
        except Exception as error:
            # Whatever happened, a Job must not stay RUNNING for ever.
            logging.getLogger(__name__).exception("Job %s could not be run", self._job.id)
            outcome = (Stage.ERROR, f"The Hub could not run the Job: {error}")
        self._finish(outcome)

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
        command, environment = self._mounted()
        environment = self._environment(work.with_name("home"), environment)
        with self._lock:
            if self._ordered is not None:
                return None
            log.write(f"===== Job started at {now()} =====")
            self._process = processes.start(command, cwd=work, env=environment, on_line=log.write)
        try:
            return self._process.wait(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            self._ordered = self._ordered or (Stage.ERROR, "Job timeout")
            return self._process.stop()

    def _mounted(self) -> tuple[list[str], dict[str, str]]:
        """Command and environment with each mount path replaced by the bucket's folder."""
        command = [*self._job.command, *self._job.arguments]
        environment = dict(self._job.environment)
        for volume in sorted(self._job.volumes, key=lambda volume: len(volume.mount_path), reverse=True):
            mount = re.compile(rf"(?<![\w./-]){re.escape(volume.mount_path)}(?![\w.-])")
            source = str(mounted_folder(self.hub, volume)).replace("\\", r"\\")
            command = [mount.sub(source, word) for word in command]
            environment = {name: mount.sub(source, value) for name, value in environment.items()}
        return command, environment

    def _environment(self, home: Path, given: Mapping[str, str]) -> dict[str, str]:
        return {
            **child_environment.base(home, Path(sys.executable)),
            "PYTHONPATH": str(STARTED_IN),
            "HF_ENDPOINT": self.hub.endpoint,
            **given,
            **self._secrets,
            "JOB_ID": self._job.id,
            **hardware.FOR_JOBS[self._job.flavor].environment(),
        }

    def _finish(self, outcome: Outcome) -> None:
        stage, message = outcome
        for name in ("work", "home"):
            shutil.rmtree(folder_of(self.hub, self._job.id) / name, ignore_errors=True)
        change(self.hub, self._job.id, stage=stage, message=message, finished_at=now())
        _runs.pop(self._job.id, None)
        self._over.set()


def mounted_folder(hub: Hub, volume: Volume) -> Path:
    bucket = hub.all(Bucket).get(volume.source)
    assert bucket is not None
    folder = folder_of_bucket(hub, bucket) / volume.path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


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
