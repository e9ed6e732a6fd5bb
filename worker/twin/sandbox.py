"""Runs code that is not trusted: without a token, in a folder of its own, bounded in time and memory."""

import ctypes
import fcntl
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

LAUNCHER = Path(__file__).with_name("launcher.py")
USERS = range(20_000, 60_000)
"""Numbers that no user of an image has; every sandbox draws its own."""
PREFIX, LOCK = "twin-", "in-use"
PR_SET_DUMPABLE = 4
GIB = 1024**3
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bounds:
    """What a process and all it starts may take together."""

    seconds: float = 300
    memory: int = 8 * GIB
    """Bytes of resident memory."""


class Child:
    """A process in a sandbox, or one that has ended."""

    def __init__(self, popen: subprocess.Popen[str], log: Path) -> None:
        self.log = log
        self._popen = popen
        self._told: dict[str, object] = {}
        assert popen.stdout is not None
        self.pid = int(json.loads(popen.stdout.readline())["pid"])

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    @property
    def code(self) -> int | None:
        """The exit code, 128 + N after signal N; None if it runs or was ended from outside."""
        code = self._ending().get("code")
        return code if isinstance(code, int) else None

    @property
    def peak_memory(self) -> int:
        """Bytes; known once it has ended."""
        peak = self._ending().get("peak")
        return peak if isinstance(peak, int) else 0

    def why_ended(self) -> str:
        """As a part of a sentence: “it ended with exit code 1”."""
        match self._ending().get("ended"):
            case "memory":
                return "it needed more memory than it may take"
            case "time":
                return "it took longer than it may"
            case "exit":
                return f"it ended with exit code {self.code}"
            case _:
                return "it was ended"

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within this time."""
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def cpu_seconds(self) -> float:
        """Processor time of the child's own process, all its threads included."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(errors="replace")
        except OSError:
            return 0.0
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def last_lines(self, count: int = 12) -> str:
        text = self.log.read_bytes()[-20_000:].decode(errors="replace")
        return "\n".join(text.strip().splitlines()[-count:])

    def stop(self) -> None:
        """End it and all it started."""
        assert self._popen.stdin is not None
        self._popen.stdin.close()
        if not self.wait(10):
            self._popen.kill()  # the child was told to die with its launcher
            self._popen.wait()
        self._ending()

    def _ending(self) -> dict[str, object]:
        if not self._told and self._popen.poll() is not None:
            assert self._popen.stdout is not None
            with self._popen.stdout as output:
                lines = output.read().splitlines()
            self._told = json.loads(lines[-1]) if lines else {"ended": "stopped"}
        return self._told


class Sandbox:
    """A folder and a user for processes that are not trusted; both are gone after the `with` block.

    `folder` belongs to the worker and can be read from inside, `home` belongs to the sandbox's user.
    """

    def __init__(self, python: Path) -> None:
        remove_abandoned(Path(tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.folder.chmod(0o711)
        self._lock = _locked(self.folder)
        self.uid = _own_user(python)
        self.home = self.own(self.folder / "home")
        self._children: list[Child] = []
        if self.uid is None:
            _hide_our_environment()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    @property
    def level(self) -> str:
        return "a user of its own" if self.uid is not None else "the worker's user"

    def own(self, folder: Path) -> Path:
        """Make a folder that the sandbox's user may write, with everything that is in it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        for each in (folder, *folder.rglob("*")):
            self.give(each)
        return folder

    def write(self, path: Path, text: str) -> None:
        """Write a file in a folder of the sandbox's user."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.give(path)

    def give(self, path: Path) -> None:
        """Let a file or folder belong to the sandbox's user."""
        if self.uid is not None:
            os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def start(
        self,
        command: list[str],
        *,
        cwd: Path,
        env: dict[str, str],
        log: Path,
        bounds: Bounds,
        ports: list[int] | None = None,
    ) -> Child:
        """Start a process with exactly this environment and its own home.

        `ports` are those it may connect to, where the kernel can hold it to that; None is any.
        """
        wish = {"uid": self.uid, "seconds": bounds.seconds, "memory": bounds.memory, "ports": ports}
        with log.open("ab") as output:
            popen = subprocess.Popen(
                [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(wish), *command],
                cwd=cwd,
                env={**self._environment(), **env},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        child = Child(popen, log)
        self._children.append(child)
        return child

    def _environment(self) -> dict[str, str]:
        temporary = self.own(self.home / "tmp")
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "HF_HOME": str(self.home / "huggingface"),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
        }


def remove_abandoned(parent: Path) -> None:
    """Remove the sandboxes whose worker was killed: a lock ends with the process that held it."""
    for lock in parent.glob(f"{PREFIX}*/{LOCK}"):
        if lock.is_symlink() or lock.lstat().st_uid != os.geteuid():
            continue
        descriptor = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


def _locked(folder: Path) -> int:
    """A lock in the folder, held until it is closed or this process has ended."""
    begun = folder / f"{LOCK}.new"
    descriptor = os.open(begun, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    begun.rename(folder / LOCK)  # nobody sees it before it is held
    return descriptor


def _own_user(python: Path) -> int | None:
    """A user for the sandbox; None where we may not change users, or that user could not reach the Python."""
    if os.geteuid() != 0:
        return None
    uid = random.choice(USERS)  # noqa: S311 - a number that is free, not a secret
    try:
        tried = subprocess.run(
            [str(python), "-I", "-c", ""],
            user=uid,
            group=uid,
            extra_groups=[],
            cwd="/",
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return uid if tried.returncode == 0 else None


def _hide_our_environment() -> None:
    """Our variables may hold a token, and a process of the same user could read them in /proc."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
