"""Starts the bot and its peers, each as a process of its own that ends with the block it is used in."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.localhub import base_environment
from bot.settings import Settings
from scripts.bench.node import PEERS, node
from scripts.bench.small_world import free_port, processor_seconds
from tests.harness.bot import environment_of
from tests.harness.local_hub import ROOT
from tests.harness.waiting import wait_until

ROUTE = "/webhooks/hub"
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "NODE_ENV": "production"}


@dataclass(frozen=True)
class Start:
    """How a server is started."""

    command: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Server:
    """A server that takes deliveries."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{ROUTE}"

    def cpu_seconds(self) -> float:
        """What it has used so far."""
        return processor_seconds(self.pid)


def peer(name: str, secret: str, port: int) -> Start:
    """A peer by the name of its file."""
    told = {"PORT": str(port), "WEBHOOK_SECRET": secret}
    return Start([*_interpreter(name), str(PEERS / name)], QUIET | told)


def bot(settings: Settings, port: int, *, without: str = "", **surroundings: str) -> Start:
    """The bot as in production, or without a part of it (`without.py`), with a data folder of its own."""
    entrance = ["scripts.bench.without", without] if without else ["bot", "serve"]
    return Start(
        [sys.executable, "-m", *entrance], environment_of(settings_at(settings, port)) | surroundings
    )


def settings_at(settings: Settings, port: int) -> Settings:
    folder = settings.data_dir.with_name(f"bot-{port}")
    return settings.model_copy(update={"port": port, "data_dir": folder})


@contextmanager
def running(start: Callable[[int], Start], log: Path) -> Iterator[Server]:
    """From the moment it takes connections; killed at the end, with whatever it has in hand."""
    port = free_port()
    how = start(port)
    with log.open("w") as words:
        process = subprocess.Popen(
            how.command,
            cwd=ROOT,
            env=os.environ | how.environment,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _answers(process, port, log), f"{how.command[-1]} to listen", seconds=90)
        yield Server(port, process.pid)
    finally:
        process.kill()
        process.wait()


def _interpreter(name: str) -> list[str]:
    if name.endswith(".js"):
        return [str(node())]
    if name == "webhooks_server.py":
        return [str(base_environment.python_in(base_environment.prepare(print)))]
    return [sys.executable]


def _answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> bool:
    assert process.poll() is None, f"it ended at its start:\n{log.read_text()[-2000:]}"
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
