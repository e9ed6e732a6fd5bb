"""Children of this Hub: started under a supervisor, read line by line, ended as a whole.

Nothing a child started outlives its stop, and a kill -9 of the Hub ends them all within GRACE seconds.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
LINE_LIMIT = 256 * 1024
"""Bytes; a longer line comes in pieces."""
SUPERVISOR = Path(__file__).with_name("supervisor.py")


class Process:
    """A running child, or one that has ended. Its standard output and error are one stream of lines."""

    def __init__(self, popen: subprocess.Popen[bytes], on_line: Callable[[str], None]) -> None:
        self._popen = popen
        self._reader = threading.Thread(target=self._read, args=(on_line,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The supervisor's; the child is its only direct child."""
        return self._popen.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, 128 + N after signal N, 127 if it could not start; None while it runs."""
        return self._popen.poll()

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once the last line has been handed over. Raises TimeoutError."""
        self._reader.join(timeout)
        if self._reader.is_alive():
            raise TimeoutError(f"process {self.pid} still runs after {timeout} s")
        return self._popen.wait()

    def terminate(self) -> None:
        """Order the end of the child and all its descendants: SIGTERM, after GRACE seconds SIGKILL."""
        lifeline = self._popen.stdin
        assert lifeline is not None
        lifeline.close()

    def stop(self) -> int:
        """Terminate and wait; the exit code. Safe to repeat."""
        self.terminate()
        try:
            return self.wait(GRACE + 10)
        except TimeoutError:
            self._popen.kill()  # the child was told to die with its supervisor
            return self._popen.wait()

    def _read(self, on_line: Callable[[str], None]) -> None:
        output = self._popen.stdout
        assert output is not None
        with output:
            for line in _lines(output):
                on_line(line)
        self._popen.wait()
        self.terminate()


def start(
    command: list[str], *, cwd: Path, env: Mapping[str, str], on_line: Callable[[str], None]
) -> Process:
    """Start a child with exactly this environment. `on_line` gets each line, from a thread of its own.

    A command that cannot be started is not an exception: it is a line of output and exit code 127.
    """
    popen = subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR), str(GRACE), *command],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return Process(popen, on_line)


def _lines(output: IO[bytes]) -> Iterator[str]:
    while piece := output.readline(LINE_LIMIT):
        yield piece.decode(errors="replace").rstrip("\r\n")
