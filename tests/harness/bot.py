"""The bot under test: on a server thread of this process, or as a process of its own that can be killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2
import uvicorn
from pydantic import SecretStr

from bot.app import create_app
from bot.settings import Settings
from tests.harness.local_hub import ROOT
from tests.harness.waiting import wait_until


class BotHere:
    """The bot in this process, with its real start and stop."""

    def __init__(self, settings: Settings, clock: Callable[[], float], port: int) -> None:
        self.app = create_app(settings, clock)
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive(), "the bot's start")
        assert self._server.started, "the bot did not start"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(60)
        assert not self._thread.is_alive(), "the bot did not stop"
        assert not getattr(self._server.lifespan, "shutdown_failed", False), "the bot's stop failed"


class BotProcess:
    """`python -m bot serve` with its settings in the environment, as in production."""

    def __init__(self, settings: Settings, folder: Path, *command: str) -> None:
        self.url = settings.url
        with (folder / "bot.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *(command or ("bot", "serve"))],
                cwd=ROOT,
                env=os.environ | environment_of(settings),
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: self._is_ready(settings), "the bot's start", seconds=240)
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freezes(self) -> None:
        """As a machine that hangs: it does nothing more, and does not know it."""
        self._process.send_signal(signal.SIGSTOP)

    def thaws(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def dies(self, seconds: float) -> None:
        """Wait until it was killed, by whom it may."""
        assert self._process.wait(seconds) == -signal.SIGKILL

    def stop(self) -> None:
        self._process.terminate()
        assert self._process.wait(60) in {0, -15}, "the bot did not stop well"

    def _is_ready(self, settings: Settings) -> bool:
        assert self._process.poll() is None, "the bot ended at its start"
        try:
            return httpx2.get(f"{settings.url}/readyz").status_code == 200
        except httpx2.TransportError:
            return False


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as an operator would give them."""
    values = {name.upper(): _text(value) for name, value in settings}
    return {name: value for name, value in values.items() if value}


def _text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return ",".join(_text(each) for each in value)
        case _:
            return str(value)
