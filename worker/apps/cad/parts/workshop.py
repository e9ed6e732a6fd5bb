"""Has parts made by the process of `making.py`: starts it, sets a deadline, and replaces it if it hangs."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from .orders import Made, Order
from .trouble import Trouble

STARTING = 180.0
"""Seconds for the kernel to be loaded."""


class Workshop:
    """Makes one part at a time. Safe to use from several threads; `close` ends the process."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds
        """For one part, once the kernel is loaded."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def warm_up(self) -> None:
        """Load the kernel now, and not with the first part."""
        with self._lock:
            self._running()

    def make(self, order: Order) -> Made:
        """The part's files. Trouble where it takes too long or the kernel refuses."""
        with self._lock:
            # A process that has died meanwhile, whatever of, gets one successor.
            line = self._asked(order) or self._asked(order)
        if line is None:
            raise Trouble("The CAD kernel ends whenever it makes this part. Change a size and try again.")
        made = Made.model_validate_json(line)
        if made.problem:
            raise Trouble(f"This part can't be built: {made.problem}. Change a size and try again.")
        return made

    def _asked(self, order: Order) -> bytes | None:
        """The kernel's answer; None if it has ended."""
        process = self._running()
        assert process.stdin
        try:
            process.stdin.write(order.model_dump_json().encode() + b"\n")
            process.stdin.flush()
            if line := self._line(process, self.seconds):
                return line
        except TimeoutError:
            self._end()
            raise Trouble(
                f"Building this part took longer than {self.seconds:g} s. Ask for a simpler one."
            ) from None
        except BrokenPipeError:
            pass  # it has ended, as its silence says otherwise
        self._end()
        return None

    def close(self) -> None:
        with self._lock:
            self._end()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process and self._process.poll() is None:
            return self._process
        self._end()
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.making"],
            cwd=_root(),
            # No secret of the app, and one thread: its children are forks.
            env={"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/tmp"), **ONE_THREAD},  # noqa: S108  # only where there is no home
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        with suppress(TimeoutError):
            if self._line(process, STARTING) == b"ready":
                return process
        self._end()
        raise Trouble("The CAD kernel does not start here. The Space's log says why.")

    def _line(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes | None:
        """The next line of its output; None if it ends before. TimeoutError if it takes too long."""
        assert process.stdout
        deadline, said = time.monotonic() + seconds, b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                return None
            said += chunk
        return said.strip()

    def _end(self) -> None:
        """It and the child that makes a part."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # what was still to be written to it
                if stream:
                    stream.close()
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _root() -> Path:
    """The folder that this package is found in."""
    depth = len((__package__ or "").split("."))
    return Path(__file__).parents[depth]
