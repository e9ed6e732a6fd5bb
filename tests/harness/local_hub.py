"""The local Hub as a real process, on a folder of the test's own."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class LocalHub:
    """A running local Hub; `users` maps a name to its access token."""

    process: subprocess.Popen[str]
    endpoint: str
    users: dict[str, str]
    ids: dict[str, str]
    oauth: dict[str, dict[str, str]]
    folder: Path
    log: Path

    def stop(self) -> None:
        """As Ctrl-C does; a Hub that does not end by itself is a failure, not waited for."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def start_local_hub(folder: Path, names: tuple[str, ...], *options: str, port: int = 0) -> LocalHub:
    """Start it and wait for the line that says it is ready."""
    command = [sys.executable, "-m", "bot", "localhub", "--port", str(port), "--data", str(folder), *options]
    for name in names:
        command += ["--user", name]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    environment = os.environ | {"SPACE_BASE": str(ROOT / ".space-base")}
    with log.open("a") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the local Hub did not start:\n{log.read_text()[-2000:]}"
    ready = json.loads(line)
    users = {name: user["token"] for name, user in ready["users"].items()}
    ids = {name: user["id"] for name, user in ready["users"].items()}
    return LocalHub(process, ready["endpoint"], users, ids, ready["oauth"], folder, log)
