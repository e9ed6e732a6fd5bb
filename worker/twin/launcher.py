"""Stands between the worker and code that is not trusted: starts it with less, watches it, ends all of it.

A script of its own, standard library only: `launcher.py '{"uid": …, "seconds": …}' COMMAND…`. Standard input
is the lifeline: its end, by a close or by the worker's death, is the order to stop. Standard output gets one
line of JSON with the child's pid at the start, and one with how it ended.
"""

import ctypes
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Any

POLL = 0.1
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
CONNECT_TCP = 1 << 1
OWN_SIGNALS_AND_SOCKETS = 3
RULE_NET_PORT = 2
FILES, LARGEST_FILE, PROCESSES = 4096, 4 * 1024**3, 1024
PAGE = resource.getpagesize()

libc = ctypes.CDLL(None, use_errno=True)


def become(command: list[str], wish: dict[str, Any], at_supervisor: int) -> None:
    """In the fork: give up what the command is not to have, and turn into it. Never returns."""
    try:
        for number in (signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        if wish["ports"] is not None:
            only_connect_to(wish["ports"])
        limit(wish["uid"])
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after setuid, which clears it
        if os.getppid() != at_supervisor:
            os._exit(127)
        os.execvp(command[0], command)  # noqa: S606 - the arguments are a list, there is no shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def limit(uid: int | None) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, wished in ((resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_FSIZE, LARGEST_FILE)):
        hard = resource.getrlimit(kind)[1]
        most = wished if hard == resource.RLIM_INFINITY else min(wished, hard)
        resource.setrlimit(kind, (most, most))
    if uid is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))  # counted by user
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def only_connect_to(ports: list[int]) -> None:
    """Refuse TCP connections elsewhere and signals to others, where the kernel has Landlock for it."""
    abi = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 4:
        return
    attributes = struct.pack("QQ", 0, CONNECT_TCP)
    if abi >= 6:
        attributes += struct.pack("Q", OWN_SIGNALS_AND_SOCKETS)
    rules = libc.syscall(LANDLOCK_CREATE, attributes, len(attributes), 0)
    for port in ports:
        libc.syscall(LANDLOCK_ADD, rules, RULE_NET_PORT, struct.pack("=QQ", CONNECT_TCP, port), 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if rules < 0 or libc.syscall(LANDLOCK_RESTRICT, rules, 0):
        raise OSError(ctypes.get_errno(), "Landlock refused")


def lifeline_cut() -> bool:
    """Wait a moment for the end of standard input."""
    readable, _, _ = select.select([0], [], [], POLL)
    return bool(readable) and not os.read(0, 1024)


def stats() -> dict[int, list[str]]:
    """The fields after the name in /proc/PID/stat, by pid."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(stat.parent.name)] = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
    return found


def descendants() -> dict[int, list[str]]:
    """Every process that this one has started or inherited, as their subreaper."""
    everyone = stats()
    found: dict[int, list[str]] = {}
    parents = {os.getpid()}
    while new := {pid: f for pid, f in everyone.items() if int(f[1]) in parents and pid not in found}:
        found.update(new)
        parents = set(new)
    return found


def memory(family: dict[int, list[str]]) -> int:
    """Bytes that are resident; what processes share is counted for each."""
    return sum(int(fields[21]) * PAGE for fields in family.values())


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


def watch(child: int, wish: dict[str, Any]) -> dict[str, Any]:
    """Wait for the child's end, or for a reason to end it."""
    deadline = time.monotonic() + wish["seconds"]
    peak, next_look = 0, 0.0
    while (code := reap(child)) is None:
        why = "stopped" if lifeline_cut() else ""
        if time.monotonic() > next_look:
            next_look = time.monotonic() + 0.4
            peak = max(peak, used := memory(descendants()))
            why = why or ("memory" if used > wish["memory"] else "")
        if why or time.monotonic() > deadline:
            return {"ended": why or "time", "code": None, "peak": peak}
    return {"ended": "exit", "code": code, "peak": peak}


def end_all() -> None:
    """Kill everything below, whatever session it has moved to, as the end of a container would."""
    give_up = time.monotonic() + 5
    while (family := descendants()) and time.monotonic() < give_up:
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        reap(0)
        time.sleep(0.01)


def cut_lifeline(_number: int, _frame: object) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def main() -> None:
    wish, command = json.loads(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, cut_lifeline)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        become(command, wish, supervisor)
    sys.stdout.write(json.dumps({"pid": child}) + "\n")
    sys.stdout.flush()
    ended = watch(child, wish)
    end_all()
    sys.stdout.write(json.dumps(ended) + "\n")


if __name__ == "__main__":
    main()
