"""The environment every Gradio Space stands on: the platform's Gradio, installed once from the lock file.

`python -m bot.localhub.base_environment` prepares it ahead of time; otherwise the first build does.
SPACE_BASE_ENVIRONMENT names one that is there already, with torch for example; it is used as it is.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.localhub import child_environment, processes

PROJECT = Path(__file__).parents[2]
LOCK = PROJECT / "requirements" / "space.lock"
READY = ".ready"
"""Written last: an environment without it was never finished and is made again."""


class NotPrepared(Exception):
    """The environment could not be made; the output before says why."""


def folder() -> Path:
    """Where the base for the present lock file and Python is or will be; another lock has another folder."""
    if given := os.environ.get("SPACE_BASE_ENVIRONMENT"):
        return Path(given).resolve()
    root = Path(os.environ.get("SPACE_BASE") or PROJECT / ".space-base")
    key = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    return root.resolve() / key


def python_in(environment: Path) -> Path:
    return environment / "bin" / "python"


def packages_in(environment: Path) -> Path:
    version = sys.version_info
    return environment / "lib" / f"python{version.major}.{version.minor}" / "site-packages"


def versions() -> dict[str, str]:
    """What Spaces find here: the versions of python and of gradio."""
    [gradio] = (line for line in LOCK.read_text().splitlines() if line.startswith("gradio=="))
    return {"python": platform.python_version(), "gradio": gradio.partition("==")[2].split()[0]}


def prepare(say: Callable[[str], None]) -> Path:
    """The base environment's folder, made first if need be; `say` gets each line of that work."""
    base = folder()
    if is_ready(base):
        return base
    with only_one(base):
        if not is_ready(base):
            say(f"Preparing the base environment for Spaces in {base} (once, about a minute)")
            shutil.rmtree(base, ignore_errors=True)
            make(base, say)
            install_lock(base, say)
            mark_ready(base)
    return base


def is_ready(environment: Path) -> bool:
    return (environment / READY).is_file()


def mark_ready(environment: Path) -> None:
    (environment / READY).touch()


def make(environment: Path, say: Callable[[str], None], *options: str) -> None:
    """A bare virtual environment of this Hub's own Python."""
    run([sys.executable, "-m", "venv", *options, str(environment)], environment.parent, say)


def install_lock(environment: Path, say: Callable[[str], None]) -> None:
    install = ["install", "--require-hashes", "-r", str(LOCK)]
    match _uv():
        case []:
            command = [str(python_in(environment)), "-m", "pip", *install, "-qq"]
        case uv:
            python = str(python_in(environment))
            command = [*uv, "pip", *install, "--quiet", "--python", python, "--compile-bytecode"]
    run(command, environment, say)


def _uv() -> list[str]:
    """The command that starts uv, empty where there is none."""
    if found := shutil.which("uv"):
        return [found]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else []


def run(command: list[str], cwd: Path, say: Callable[[str], None]) -> None:
    """Run one step of making an environment. Raises NotPrepared."""
    home = Path(os.environ.get("HOME") or cwd)
    process = processes.start(
        command, cwd=cwd, env=child_environment.base(home, Path(command[0])), on_line=say
    )
    if code := process.wait():
        raise NotPrepared(f"{command[0]} ended with exit code {code}")


@contextmanager
def only_one(environment: Path) -> Iterator[None]:
    """Hold the environment's lock, so that two Hubs do not make it at once."""
    environment.parent.mkdir(parents=True, exist_ok=True)
    with environment.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    begin = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begin:6.1f} s  {line}\n")
        sys.stdout.flush()

    try:
        base = prepare(say)
    except NotPrepared as failure:
        say(f"The base environment is not ready: {failure}. Is the package registry within reach?")
        return 1
    say(f"The base environment is ready in {base}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
