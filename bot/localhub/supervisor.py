"""Stands between this Hub and one child: ends the child, and all it started, when the Hub asks or dies.

A script of its own, standard library only: `supervisor.py GRACE COMMAND…`. Standard input is the lifeline;
its end, by a close or by the Hub's death, is the order to stop. The exit code is the child's, 128 + N for
signal N. A thread-bound parent-death signal would not do: the Hub starts children from threads that end.
"""

import ctypes
import os
import select
import signal
import sys
import time
from pathlib import Path

POLL = 0.05
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def become(command: list[str]) -> None:
    """In the fork: turn into the command, in a session of its own. Never returns."""
    try:
        for number in (signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(
                number, signal.SIG_DFL
            )  # Python ignores the last two, and a command would inherit that
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 - the arguments are a list, there is no shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def lifeline_cut() -> bool:
    """Wait a moment for the end of standard input."""
    readable, _, _ = select.select([0], [], [], POLL)
    return bool(readable) and not os.read(0, 1024)


def signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        os.kill(pid, number)  # it has not reached its setsid yet


def reap(child: int) -> int | None:
    """Collect all that has ended; the child's exit code if it was among them."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == child:
            exit_code = os.waitstatus_to_exitcode(status)
            code = exit_code if exit_code >= 0 else 128 - exit_code


def watch(child: int, grace: float) -> int:
    """Wait for the child; once the lifeline is cut, SIGTERM and `grace` seconds later SIGKILL its group."""
    kill_at: float | None = None
    while (code := reap(child)) is None:
        if kill_at is not None:
            time.sleep(POLL)
            if time.monotonic() > kill_at:
                signal_group(child, signal.SIGKILL)
        elif lifeline_cut():
            kill_at = time.monotonic() + grace
            signal_group(child, signal.SIGTERM)
    return code


def own_children() -> list[int]:
    """Processes whose parent is this one. As the subreaper, it inherits what its child left behind."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text(errors="replace").rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == os.getpid():
            found.append(int(stat.parent.name))
    return found


def end_leftovers() -> None:
    """Kill descendants of any session, generation by generation, as the end of a container would."""
    give_up = time.monotonic() + 5
    while (left := own_children()) and time.monotonic() < give_up:
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        reap(0)
        time.sleep(0.01)


def stop_softly(_number: int, _frame: object) -> None:
    """Someone signalled the supervisor itself: cut the lifeline from this side."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def main() -> int:
    signal.signal(signal.SIGTERM, stop_softly)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    child = os.fork()
    if child == 0:
        become(sys.argv[2:])
    code = watch(child, float(sys.argv[1]))
    end_leftovers()
    return code


if __name__ == "__main__":
    sys.exit(main())
