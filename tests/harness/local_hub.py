"""The local Hub as a real process, on a folder of the test's own."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi

ROOT = Path(__file__).parents[2]


@dataclass
class LocalHub:
    """`python -m bot localhub`, and the people it knows. Its own words go to a log beside its folder."""

    folder: Path
    arguments: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] = field(init=False)
    ready: dict[str, Any] = field(init=False)

    def start(self, *, port: int = 0) -> "LocalHub":
        """Start it and wait for the line that says it is ready."""
        command = [sys.executable, "-m", "bot", "localhub", "--port", str(port), "--data", str(self.folder)]
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                [*command, *self.arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the local Hub ended with {self.process.wait()}:\n{self.log.read_text()[-2000:]}"
        self.ready = json.loads(line)
        return self

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    @property
    def endpoint(self) -> str:
        return str(self.ready["endpoint"])

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def token(self, name: str) -> str:
        return str(self.ready["users"][name]["token"])

    def user_id(self, name: str) -> str:
        return str(self.ready["users"][name]["id"])

    def api(self, name: str | None = None, *, token: str | None = None) -> HfApi:
        """The real client, as this person or with this token; without both, as a stranger."""
        return HfApi(endpoint=self.endpoint, token=token or (self.token(name) if name else False))

    def browser(self) -> httpx2.Client:
        """A plain HTTP client with cookies, for what the real client has no function for."""
        return httpx2.Client(base_url=self.endpoint, trust_env=False, timeout=30)

    def misbehaves(self, switch: str, **setting: object) -> None:
        """From now on; see `bot/localhub/misbehaviour.py`."""
        answer = httpx2.put(f"{self.endpoint}/__misbehave/{switch}", json=setting, trust_env=False)
        assert answer.status_code == 200, answer.text

    def has_met(self, switch: str) -> bool:
        """Whether a switch that was set for some times has been met as often, so that it is off again."""
        return not httpx2.get(f"{self.endpoint}/__misbehave/{switch}", trust_env=False).json()["on"]

    def behaves(self, switch: str) -> None:
        httpx2.delete(f"{self.endpoint}/__misbehave/{switch}", trust_env=False)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """A Hub that does not end by itself is a failure, not waited for."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop (or kill) it, and start it again on the same folder and port."""
        port = self.port
        self.stop(how)
        self.start(port=port)


def people(*names: str) -> list[str]:
    """The arguments that make these people known."""
    return [argument for name in names for argument in ("--user", name)]
