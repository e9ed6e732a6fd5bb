"""Where the agent lives: a user of its own behind walls, probed from inside before anything is started there.

What holds is measured and not assumed. A level below the one that is asked for ends the author's stage.
"""

import json
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.author.level import Level, Reached, read_reached
from worker.author.workspace import write_files
from worker.errors import Failed
from worker.twin.sandbox import GIB, Bounds, Child, Sandbox

HERE = Path(__file__).parent
WALLS, PEEK = "walls.py", "peek.py"
COMMAND = Path(__file__).with_name("space_command.py")
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ssl", "/etc/ld.so.cache"),
    *("/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf", "/etc/localtime", "/etc/mime.types"),
    *("/dev/zero", "/dev/random", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
    "/proc/self",  # of the first process only: Node asks for its own memory there
)
"""What programs need to read in order to start."""
DEVICES = ("/dev/null", "/dev/tty")
PROBE_SECONDS = 30.0


class Process:
    """A command inside the confinement, or one that has ended."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def code(self) -> int | None:
        return self._child.code

    @property
    def log(self) -> Path:
        return self._child.log

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within this time; nothing that it started is left then."""
        return self._child.wait(seconds)

    def kill(self) -> None:
        """End it and everything that it started, whatever session that moved to."""
        self._child.stop()

    def why_ended(self) -> str:
        return self._child.why_ended()


class Confinement:
    """A place for the agent until the `with` block ends. Raises Failed where it is not safe enough.

    `home` and what is in it belong to the agent; of the rest it reads `bin` (in its PATH) and `shown`.
    """

    def __init__(
        self, minimum: Level = Level.USER, readable: tuple[Path, ...] = (), memory: int = 4 * GIB
    ) -> None:
        self.python = Path(sys.executable).resolve()
        """Of the machine and not of the worker's environment: it has the standard library only."""
        self._readable = (*readable, Path(sys.base_prefix))
        self._memory = memory
        self._stack = ExitStack()
        self._sandbox = self._stack.enter_context(Sandbox(self.python))
        folder = self._sandbox.folder
        self.home = self._sandbox.home
        self.uid = self._sandbox.uid
        self.workspace = self._sandbox.own(self.home / "workspace")
        self.bin, self.shown, self.outside = folder / "bin", folder / "shown", folder / "outside"
        for each in (self.bin, self.shown, self.outside):
            each.mkdir(mode=0o755)
        for name in (WALLS, PEEK):
            shutil.copyfile(HERE / name, self.shown / name)
        self._put_command("space", COMMAND)
        self.level = Level.OPEN
        try:
            self.reached = self._probe()
            self.level = self.reached.level(own_user=self.uid is not None)
            _refuse_below(self.level, minimum)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _put_command(self, name: str, script: Path) -> None:
        """A script of the standard library as a command in the agent's PATH."""
        file = self.bin / name
        file.write_text(f"#!{self.python} -I\n{script.read_text(encoding='utf-8')}", encoding="utf-8")
        file.chmod(0o755)

    def own(self, folder: Path) -> Path:
        """Make a folder below `home` that belongs to the agent."""
        return self._sandbox.own(folder)

    def write(self, path: Path, text: str) -> None:
        """Write a file below `home` that belongs to the agent; links that it has left are not followed."""
        write_files(self.home, {path.relative_to(self.home).as_posix(): text.encode()}, self.uid)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files into the workspace, by their path in it."""
        write_files(self.workspace, files, self.uid)

    def start(
        self,
        argv: list[str],
        *,
        cwd: Path,
        env: dict[str, str],
        log: Path,
        ports: tuple[int, ...] = (),
        seconds: float = 3600,
    ) -> Process:
        """Start a command with exactly this environment; it may connect to these ports of this machine."""
        walls = [str(self.python), "-I", "-S", str(self.shown / WALLS), self._wish(ports)]
        child = self._sandbox.start(
            [*walls, *argv],
            cwd=cwd,
            env={"PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin", **env},
            log=log,
            bounds=Bounds(seconds=seconds, memory=self._memory),
        )
        return Process(child)

    def _wish(self, ports: tuple[int, ...]) -> str:
        readable = (*SYSTEM, *self._readable, self.bin, self.shown)
        must = self.level in {Level.WALLS, Level.USER_AND_WALLS}
        wish = {
            "read": [str(path) for path in readable],
            "write": [*DEVICES, str(self.home)],
            "ports": list(ports),
            "must": must,
        }
        return json.dumps(wish)

    def _probe(self) -> Reached:
        """What a program inside reaches, seen by one that tries."""
        canary = self.outside / "readable"
        canary.write_text("for everybody")
        canary.chmod(0o644)
        with socket.create_server(("127.0.0.1", 0)) as given, socket.create_server(("127.0.0.1", 0)) as other:
            port = given.getsockname()[1]
            asked = {
                "file": str(canary),
                "worker": os.getpid(),
                "open": port,
                "closed": other.getsockname()[1],
            }
            command = [str(self.python), "-I", "-S", str(self.shown / PEEK), json.dumps(asked)]
            log = self.outside / "probe.log"
            process = self.start(
                command, cwd=self.home, env={}, log=log, ports=(port,), seconds=PROBE_SECONDS
            )
            process.wait(PROBE_SECONDS + 10)
        return read_reached(log.read_text(errors="replace"))


def _refuse_below(level: Level, minimum: Level) -> None:
    if level >= minimum:
        return
    raise Failed(
        "not_confined",
        f"The coding agent was not started: this machine gives it {level.words}, and {minimum.words} is asked"
        " for. Start the worker's image as root on a kernel with Landlock, or ask again with"
        " author=none: then only blueprints are built.",
    )
