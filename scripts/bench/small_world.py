"""What a measurement of many runs takes: the real bot as processes, and a Hub that costs next to nothing."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bot.settings import Settings, new_vault_key
from tests.harness.bot import BotProcess
from tests.harness.local_hub import ROOT
from tests.harness.postgres import Postgres
from tests.harness.waiting import wait_until

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class SmallWorld:
    """One database, one cheap Hub, and as many bots as are started."""

    folder: Path
    hub: str
    """Address of the cheap Hub."""
    database_url: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    key: str = field(default_factory=new_vault_key)

    def settings(self, **changed: object) -> Settings:
        port = free_port()
        values: dict[str, object] = {
            "bot_token": "hf_space-factory",
            "webhook_secrets": self.secret,
            "vault_keys": self.key,
            "oauth_client_id": "client",
            "oauth_client_secret": "o" * 40,
            "openid_provider_url": self.hub,
            "hf_endpoint": self.hub,
            "public_url": f"http://127.0.0.1:{port}",
            "data_dir": self.folder / "bot",
            "database_url": self.database_url,
            "job_image": "space-factory/worker",
            "commands_per_hour": 1_000_000,
            "requests_per_minute": 1_000_000,
            "log_level": "WARNING",
            "host": "127.0.0.1",
            "port": port,
        }
        return Settings.model_validate(values | changed)

    def asked(self) -> dict[str, int]:
        """How often what was asked of the Hub since this was last called."""
        counts: dict[str, int] = httpx2.get(f"{self.hub}/__counts", trust_env=False).json()
        return counts

    def hub_is_slow(self, seconds: float) -> None:
        """Launches of Jobs take that long from now on."""
        httpx2.put(f"{self.hub}/__slow", json={"seconds": seconds}, trust_env=False).raise_for_status()


@contextmanager
def small_world(folder: Path, postgres: Postgres | None = None) -> Iterator[SmallWorld]:
    """On SQLite, or on a new database of this PostgreSQL."""
    folder.mkdir(parents=True)
    port = free_port()
    command = [sys.executable, "-m", "scripts.bench.cheap_hub", str(port)]
    with ExitStack() as stack:
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        stack.callback(process.wait)
        stack.callback(process.kill)
        world = SmallWorld(folder, f"http://127.0.0.1:{port}", postgres.database() if postgres else "")
        wait_until(lambda: _answers(world.hub), "the cheap Hub", 60)
        yield world


@contextmanager
def bot(settings: Settings, folder: Path) -> Iterator[BotProcess]:
    """`python -m bot serve`, ready; killed at the end."""
    process = BotProcess(settings, folder)
    try:
        yield process
    finally:
        process.kill()


def memory(pid: int) -> float:
    """What a process holds in memory now, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def processor_seconds(pid: int) -> float:
    """What a process has used so far, its children that ended included."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:15])) / TICKS


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def _answers(hub: str) -> Any:
    try:
        return httpx2.get(f"{hub}/api/whoami-v2", trust_env=False).is_success
    except httpx2.TransportError:
        return False
