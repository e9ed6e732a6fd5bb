"""Runs the app of a Space as the platform does: own environment on top of the platform's, own process."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bot.localhub import base_environment
from tests.harness.waiting import wait_until

PROJECT = Path(__file__).parents[2]


@dataclass
class RunningApp:
    url: str
    log: Path

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url + path, trust_env=False, timeout=10)


def environment_for(requirements: Path, folder: Path) -> Path:
    """The Python of an environment with these requirements on top of the base; made once per content."""
    base = base_environment.prepare(print)
    environment = folder / hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    python = base_environment.python_in(environment)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
        link = base_environment.packages_in(environment) / "base.pth"
        # Not just the path: what the base itself loads at start, it loads here too.
        link.write_text(f"import site; site.addsitedir({str(base_environment.packages_in(base))!r})\n")
        install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(requirements)]
        subprocess.run([str(python), *install], check=True)
    return python


@contextmanager
def running_app(
    python: Path, script: Path, folder: Path, endpoint: str, **variables: str
) -> Iterator[RunningApp]:
    """The app, once it listens; its whole process group is gone afterwards."""
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HF_HOME": str(folder / "huggingface"),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        **variables,
    }
    log = folder / "app.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(python), str(script)],
            cwd=script.parent,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    app = RunningApp(f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: process.poll() is not None or _listens(port), "the app", seconds=60)
        assert process.poll() is None, log.read_text()[-3000:]
        yield app
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
