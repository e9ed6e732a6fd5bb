"""The stage: the local Hub and the bot as children of the demo, and the settings that join them."""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bot.localhub import base_environment
from bot.settings import new_vault_key

BOT = "space-factory"
PR_SET_PDEATHSIG = 1
STOP_WITHIN = 15


class StageError(Exception):
    """The demo can't go on; the sentence says why and what to do."""


@dataclass
class Stage:
    """Where everything is. `users` maps a name to its access token on the local Hub."""

    folder: Path
    hub: str
    bot: str
    users: dict[str, str]
    settings: dict[str, str] = field(repr=False)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def env_file(self) -> Path:
        return self.folder / "bot.env"

    def start_bot(self) -> None:
        """As an operator would: `python -m bot serve`, with settings and nothing else."""
        self.children["bot"] = _child(["serve", "--env-file", str(self.env_file)], self.folder / "bot.log")
        self._wait_for_bot()

    def revive(self, say: Callable[[str], None]) -> None:
        """If somebody killed the bot, start it again: it finds its work where it left it."""
        if self.children["bot"].poll() is not None:
            say("The bot was killed. Starting it again on the same data.")
            self.start_bot()

    def _wait_for_bot(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.children["bot"].poll() is None:
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(f"{self.bot}/readyz", timeout=5).status_code == 200:
                    return
            time.sleep(0.1)
        raise StageError(f"The bot did not start. {self.folder / 'bot.log'} says why.")


@contextmanager
def set_up(folder: Path, hub_port: int, bot_port: int) -> Iterator[Stage]:
    """Start both; whatever happens, everything that was started has ended afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bot_url = f"http://127.0.0.1:{_port(bot_port)}"
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["hub"] = _start_hub(folder, _port(hub_port), bot_url)
        ready = _ready_line(children["hub"], folder)
        users = {name: user["token"] for name, user in ready["users"].items()}
        settings = _settings(folder, ready, users, bot_url)
        stage = Stage(folder, settings["HF_ENDPOINT"], bot_url, users, settings, children)
        _write_private(stage.env_file, "".join(f"{name}={value}\n" for name, value in settings.items()))
        _write_private(folder / "alice.env", f"HF_TOKEN={users['alice']}\n")
        yield stage
    finally:
        for name in reversed(list(children)):
            _end(children[name])


def _start_hub(folder: Path, port: int, bot_url: str) -> subprocess.Popen[bytes]:
    arguments = ["localhub", "--port", str(port), "--data", str(folder / "hub")]
    arguments += ["--oauth-app", f"{BOT}={bot_url}/callback"]
    arguments += ["--user", "alice", "--user", BOT]
    # As in the worker's image: where the worker rehearses an app before anyone else sees it.
    arguments += ["--image-variable", f"SPACE_FACTORY_APP_BASE={base_environment.folder()}"]
    return _child(arguments, folder / "hub.log", stdout=subprocess.PIPE)


def _ready_line(hub: subprocess.Popen[bytes], folder: Path) -> dict[str, Any]:
    assert hub.stdout is not None
    line = hub.stdout.readline()
    if not line:
        raise StageError(f"The local Hub did not start. {folder / 'hub.log'} says why.")
    ready: dict[str, Any] = json.loads(line)
    return ready


def _settings(folder: Path, ready: dict[str, Any], users: dict[str, str], bot_url: str) -> dict[str, str]:
    """What the bot is told. On the real Hub these very settings have other values."""
    hub, oauth = ready["endpoint"], ready["oauth"][BOT]
    return {
        "BOT_TOKEN": users[BOT],
        "BOT_NAME": BOT,
        "WEBHOOK_SECRETS": secrets.token_hex(32),
        "VAULT_KEYS": new_vault_key(),
        "OAUTH_CLIENT_ID": oauth["client_id"],
        "OAUTH_CLIENT_SECRET": oauth["client_secret"],
        "OPENID_PROVIDER_URL": hub,
        "HF_ENDPOINT": hub,
        "PUBLIC_URL": bot_url,
        "DATA_DIR": str(folder / "bot"),
        "JOB_IMAGE": "space-factory/worker",
        # A demo is watched by one person: edit the message more often than the Hub's limits allow.
        "EDIT_SECONDS": "1",
        "HOST": "127.0.0.1",
        "PORT": bot_url.rsplit(":", 1)[1],
    }


def _child(arguments: list[str], log: Path, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """One of our own commands in a process group of its own, ended by the kernel if this process dies."""
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout or errors,
            stderr=errors,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # one thread
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask the child to end, then end its group."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_WITHIN)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _port(wished: int) -> int:
    """The wished port if it is free, otherwise any."""
    for port in (wished, 0):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                sock.bind(("127.0.0.1", port))
                found: int = sock.getsockname()[1]
                return found
    raise StageError("No port on this machine is free.")


def _write_private(file: Path, text: str) -> None:
    """Written for this user only: the settings hold secrets."""
    file.touch(mode=0o600)
    file.write_text(text)
