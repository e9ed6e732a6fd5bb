"""Python environments of Spaces: one for each distinct requirements.txt, on top of the base environment.

As the real platform caches layers, an environment is made once and then shared by all that need the same.
"""

import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bot.localhub import base_environment as base
from bot.localhub.state import Hub

NO_HOT_RELOADING = Path(__file__).parent / "starters" / "no_hot_reloading.py"
TORCH = re.compile(r"^torch\s*[=<>~!][^;\n]*", re.MULTILINE)
"""A line of requirements.txt that wants a certain torch."""

Run = Callable[[list[str]], int]
"""Runs one command of a build, its output in the build's log; the exit code."""


class InstallFailed(Exception):
    """pip said no; its words are in the log."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Build failed with exit code: {code}")


def prepare(hub: Hub, checkout: Path, salt: str, run: Run, say: Callable[[str], None]) -> Path:
    """The environment for the requirements of a checkout, made first if need be. Raises InstallFailed."""
    standing_on = base.prepare(say)
    requirements = checkout / "requirements.txt"
    text = requirements.read_text("utf-8", "replace") if requirements.is_file() else ""
    environment = hub.folder / "environments" / _key(standing_on, text, checkout, salt)
    with base.only_one(environment):
        if base.is_ready(environment):
            say("--> RUN pip install -r requirements.txt\nCACHED\n")
            return environment
        shutil.rmtree(environment, ignore_errors=True)
        _make(environment, standing_on, run)
        if text.strip():
            say("--> RUN pip install -r requirements.txt")
            _with_our_torch(requirements, standing_on, say)
            _install(environment, requirements, run)
        base.mark_ready(environment)
    return environment


def _key(standing_on: Path, requirements: str, checkout: Path, salt: str) -> str:
    """Equal for equal environments. Requirements that point at other files are the checkout's own."""
    lines = [line.strip() for line in requirements.splitlines()]
    own = str(checkout) if any(line.startswith(("-r", "-c", "-e", ".", "--", "/")) for line in lines) else ""
    parts = [str(standing_on), requirements, own, salt, NO_HOT_RELOADING.read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _make(environment: Path, standing_on: Path, run: Run) -> None:
    """An environment without pip of its own: pip, like all the rest, is found in the base."""
    if code := run([sys.executable, "-m", "venv", "--without-pip", str(environment)]):
        raise InstallFailed(code)
    packages = base.packages_in(environment)
    shutil.copy(NO_HOT_RELOADING, packages)
    link = packages / "base-environment.pth"
    # Not just the path: what the base itself loads at start, it loads here too.
    lines = ("import site", f"site.addsitedir({str(base.packages_in(standing_on))!r})")
    link.write_text(f"{'; '.join(lines)}\nimport {NO_HOT_RELOADING.stem}\n")


def _install(environment: Path, requirements: Path, run: Run) -> None:
    command = [str(base.python_in(environment)), "-m", "pip", "install", "--no-input"]
    quiet = ["--disable-pip-version-check", "--no-warn-script-location", "--progress-bar=off"]
    if code := run([*command, *quiet, "-r", requirements.name]):
        raise InstallFailed(code)


def _with_our_torch(requirements: Path, standing_on: Path, say: Callable[[str], None]) -> None:
    """Where the base has torch, that one stands for every version: another is gigabytes for GPUs not here."""
    text = requirements.read_text("utf-8", "replace")
    if (base.packages_in(standing_on) / "torch").is_dir() and (pinned := TORCH.search(text)):
        say(f"Note: requirements.txt asks for {pinned[0]}; this Hub runs the torch that it has")
        requirements.write_text(TORCH.sub("torch", text), "utf-8")
