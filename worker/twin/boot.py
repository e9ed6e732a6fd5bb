"""Starts an app in the sandbox with a twin Hub for its Hub, and hears its answers with what they cost it."""

import mmap
import shutil
import socket
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

import httpx2
from pydantic import BaseModel, ConfigDict, JsonValue

from worker.twin.hub import TwinHub
from worker.twin.repo import TwinRepo
from worker.twin.sameness import ANSWERS
from worker.twin.sandbox import Bounds, Sandbox
from worker.validate.client import AppClient, Reply

WITNESS = Path(__file__).with_name("witness")
COUNTS = 4096
"""Bytes of the file that the witness counts in; its numbers have 8 bytes each."""
HEALTH_PATHS = ("/gradio_api/health", "/health")
PAGE = "/config"
POLL = 0.1
SILENT = 3.0
"""Seconds that a page may be up before we believe that the app has no health to tell."""
WELL = frozenset({"ok", "healthy", "ready", "running", "up"})
QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_XET": "1",
    "DISABLE_SAFETENSORS_CONVERSION": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_SERVER_NAME": "127.0.0.1",
    "NO_PROXY": "127.0.0.1,localhost",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "CUDA_VISIBLE_DEVICES": "",
    # As in a Space: an app may do otherwise where it believes to be elsewhere.
    "SPACE_ID": "someone/space",
    "SPACE_AUTHOR_NAME": "someone",
    "SPACE_REPO_NAME": "space",
    "SPACE_TITLE": "space",
}


class Cost(BaseModel):
    """What the witness has counted, and the processor time."""

    model_config = ConfigDict(frozen=True)

    forward_calls: int = 0
    work: int = 0
    """Multiplications in the model's layers, or input numbers of an ONNX session."""
    weights_touched: int = 0
    """Numbers in the layers that were called."""
    torch: int = 0
    onnx: int = 0
    cpu_seconds: float = 0.0

    def since(self, before: "Cost") -> "Cost":
        names = type(self).model_fields
        return Cost(**{name: getattr(self, name) - getattr(before, name) for name in names})


class Heard(BaseModel):
    """One call and what it cost the app."""

    model_config = ConfigDict(frozen=True)

    endpoint: str
    inputs: dict[str, Any]
    """JSON, with a Path where a file is uploaded."""
    reply: Reply
    cost: Cost


class Boot:
    """An app that runs, or has ended, in the sandbox; it is stopped at the end of the `with` block."""

    def __init__(
        self,
        name: str,
        sandbox: Sandbox,
        python: Path,
        files: dict[str, str],
        repos: Sequence[TwinRepo],
        bounds: Bounds,
    ) -> None:
        self.hub = TwinHub(repos).__enter__()
        self.started = time.monotonic()
        self.folder = Path(mkdtemp(prefix=f"{name}-", dir=sandbox.folder))
        self.folder.chmod(0o711)
        self.counts = self._number_file(sandbox, "counts", writable=True)
        self.switch = self._number_file(sandbox, "switch", writable=False)
        app = sandbox.own(self.folder / "app")
        for path, text in files.items():
            sandbox.write(app / path, text)
        witness = self.folder / "witness"
        shutil.copytree(WITNESS, witness, ignore=shutil.ignore_patterns("__pycache__"))
        port = _free_port()
        self.host = f"http://127.0.0.1:{port}"
        self.child = sandbox.start(
            [str(python), "app.py"],
            cwd=app,
            env=self._environment(sandbox, port),
            log=self.folder / "app.log",
            bounds=bounds,
            ports=[port, self.hub.port],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.stop()
        self.hub.__exit__(kind, error, trace)

    def wait_for_health(self, until: float) -> dict[str, JsonValue] | None:
        """What the app says about itself, once it says so; None if it ends, or is silent until then.

        An app that serves its page and has no health to tell counts as healthy after a while, with {}.
        """
        page_since = None
        with httpx2.Client(trust_env=False, timeout=5) as client:
            while (now := time.monotonic()) < until and self.child.running:
                said = [each for path in HEALTH_PATHS if (each := _json(client, self.host + path))]
                if healthy := next((each for each in said if _is_well(each)), None):
                    return healthy
                if not said and _json(client, self.host + PAGE):
                    page_since = page_since or now
                    if now - page_since > SILENT:
                        return {}
                time.sleep(POLL)
        return None

    def cost(self) -> Cost:
        """Everything since the start."""
        calls, work, touched, torch, onnx = struct.unpack_from("<5q", self.counts, 0)
        return Cost(
            forward_calls=calls,
            work=work,
            weights_touched=touched,
            torch=torch,
            onnx=onnx,
            cpu_seconds=self.child.cpu_seconds(),
        )

    def disturb(self, on: bool) -> None:
        """Change what comes out of the model's layers from now on, or no longer."""
        self.switch[0] = int(on)

    def why_down(self) -> str:
        """As a sentence about an app that has not become healthy."""
        lines = [line for line in self.child.last_lines(8).splitlines() if line.strip()]
        last = f" Its last line: {lines[-1][:200]}" if lines else ""
        if self.child.running:
            return f"It did not become healthy in time.{last}"
        return f"It did not start: {self.child.why_ended()}.{last}"

    def _environment(self, sandbox: Sandbox, port: int) -> dict[str, str]:
        home = sandbox.own(self.folder / "home")
        return {
            **QUIET,
            "HF_ENDPOINT": self.hub.endpoint,
            "HF_HOME": str(home / "huggingface"),
            "HOME": str(home),
            "GRADIO_TEMP_DIR": str(home / "gradio"),
            "GRADIO_SERVER_PORT": str(port),
            "PYTHONPATH": str(self.folder / "witness"),
            "TWIN_COUNTS": str(self.folder / "counts"),
            "TWIN_SWITCH": str(self.folder / "switch"),
        }

    def _number_file(self, sandbox: Sandbox, name: str, *, writable: bool) -> mmap.mmap:
        file = self.folder / name
        with file.open("w+b") as opened:
            opened.truncate(COUNTS)
            memory = mmap.mmap(opened.fileno(), COUNTS)
        if writable:
            sandbox.give(file)
        else:
            file.chmod(0o644)
        return memory


class ListeningClient(AppClient):
    """Calls an app in the sandbox and keeps what each call cost it."""

    def __init__(self, boot: Boot, call_seconds: float) -> None:
        super().__init__(boot.host, None, call_seconds, boot.folder / ANSWERS)
        self._boot = boot
        self.heard: list[Heard] = []

    def call(self, endpoint: str, inputs: dict[str, JsonValue | Path]) -> Reply:
        before = self._boot.cost()
        reply = super().call(endpoint, inputs)
        cost = self._boot.cost().since(before)
        self.heard.append(Heard(endpoint=endpoint, inputs=inputs, reply=reply, cost=cost))
        return reply

    def repeat(self, asked: Heard, **other: JsonValue) -> Heard:
        """The same call again, with other values for some inputs."""
        self.call(asked.endpoint, {**asked.inputs, **other})
        return self.heard[-1]


def _json(client: httpx2.Client, url: str) -> dict[str, JsonValue] | None:
    try:
        answer = client.get(url)
        said = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _is_well(health: dict[str, JsonValue]) -> bool:
    return str(health.get("status", "ok")).lower() in WELL


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
