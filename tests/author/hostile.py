"""What a hostile agent tries from inside: prints, as JSON, what each attempt got. Standard library only."""

import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ASKED = json.loads(sys.argv[1])
WORKER = Path("/proc") / str(ASKED["worker"])
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def connected(kind: int, protocol: int = 0) -> str:
    with socket.socket(socket.AF_INET, kind, protocol) as sock:
        sock.settimeout(5)
        sock.connect(("127.0.0.1", ASKED["hub"]))
    return "connected"


def fast_open() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.sendto(b"GET / HTTP/1.0\r\n\r\n", 0x20000000, ("127.0.0.1", ASKED["hub"]))
    return "sent"


def bound() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.bind(("127.0.0.1", 0))
    return "bound"


def called(*arguments: int) -> str:
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return "done"


def memory_of_the_worker() -> str:
    buffer = ctypes.create_string_buffer(4096)
    local = struct.pack("PN", ctypes.addressof(buffer), 4096)
    remote = struct.pack("PN", ASKED["address"], 4096)
    if libc.syscall(310, ASKED["worker"], local, 1, remote, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return buffer.raw.decode(errors="replace")


def of_everyone(name: str) -> str:
    """Of every process whose number can be thought of, the agent's own excepted."""
    found = []
    for pid in range(1, ASKED["highest"]):
        if pid == os.getpid():
            continue
        try:
            found.append((Path("/proc") / str(pid) / name).read_text(errors="replace"))
        except OSError:
            continue
    if not found:
        raise OSError("nothing")
    return "\n".join(found)


def through_a_link() -> str:
    Path("linked").symlink_to(ASKED["record"])
    return Path("linked").read_text()


def hard_link() -> str:
    os.link(ASKED["record"], "hard")
    return Path("hard").read_text()


def written(path: str) -> str:
    Path(path).write_text("mine")
    return "written"


def ended(pid: int) -> str:
    os.kill(pid, signal.SIGKILL)
    return "ended"


def stopped(pid: int) -> str:
    os.kill(pid, signal.SIGSTOP)
    return "stopped"


def as_root() -> str:
    os.setuid(0)
    return "root"


def with_sudo() -> str:
    return subprocess.run(["su", "-c", "id"], capture_output=True, text=True, timeout=10, check=True).stdout


def shared_memory() -> str:
    return ",".join(str(each) for each in Path("/dev/shm").iterdir()) or "empty"


def names() -> str:
    return str(socket.getaddrinfo("huggingface.co", 443))


ATTEMPTS: dict[str, Callable[[], Any]] = {
    "environ of the worker": (WORKER / "environ").read_text,
    "memory of the worker": lambda: (WORKER / "mem").open("rb").read(1),
    "memory by a call": memory_of_the_worker,
    "arguments of the worker": (WORKER / "cmdline").read_text,
    "open files of the worker": lambda: str(list((WORKER / "fd").iterdir())),
    "root of the worker": lambda: str(list((WORKER / "root").iterdir())),
    "environ of everyone": lambda: of_everyone("environ"),
    "arguments of everyone": lambda: of_everyone("cmdline"),
    "list of processes": lambda: str(list(Path("/proc").iterdir())),
    "ptrace": lambda: called(101, 16, ASKED["worker"], 0, 0),
    "a file descriptor of the worker": lambda: called(
        438, called and libc.syscall(434, ASKED["worker"], 0), 1, 0
    ),
    "the record": lambda: Path(ASKED["record"]).read_text(),
    "the record by a symlink": through_a_link,
    "the record by a hard link": hard_link,
    "what everybody may read": lambda: Path(ASKED["readable"]).read_text(),
    "the source of the worker": lambda: Path(ASKED["source"]).read_text(),
    "shadow": lambda: Path("/etc/shadow").read_text(),
    "the folder of temporary files": lambda: str(list(Path("/tmp").iterdir())),
    "shared memory": shared_memory,
    "writing beside the home": lambda: written(ASKED["beside"] + "/new"),
    "replacing the walls": lambda: written(ASKED["walls"]),
    "writing to /tmp": lambda: written("/tmp/hostile-was-here"),
    "the Hub": lambda: connected(socket.SOCK_STREAM),
    "the Hub by a relative of TCP": lambda: connected(socket.SOCK_STREAM, 262),
    "the Hub by sending at once": fast_open,
    "a datagram": lambda: connected(socket.SOCK_DGRAM),
    "a name": names,
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1) and "opened",
    "a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW) and "opened",
    "a port of its own": bound,
    "io_uring": lambda: called(425, 8, ctypes.addressof(ctypes.create_string_buffer(256))),
    "a namespace": lambda: called(272, 0x10000000),
    "keys of the kernel": lambda: called(250, 0, -3, 1),
    "bpf": lambda: called(321, 0, 0, 0),
    "being root": as_root,
    "su": with_sudo,
    "ending the worker": lambda: ended(ASKED["worker"]),
    "ending the launcher": lambda: ended(os.getppid()),
    "stopping the launcher": lambda: stopped(os.getppid()),
}


def main() -> None:
    got: dict[str, str] = {"environment": json.dumps(dict(os.environ))}
    for name, attempt in ATTEMPTS.items():
        try:
            got[name] = str(attempt())[:20000]
        except Exception:  # refused, which is what should be
            continue
    print(json.dumps(got), flush=True)
    if os.fork() == 0:  # and somebody stays behind
        os.setsid()
        if os.fork() == 0:
            signal.pause()
        os._exit(0)


if __name__ == "__main__":
    main()
