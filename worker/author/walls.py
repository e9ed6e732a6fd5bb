"""Puts up walls around the process that it then becomes: files, TCP ports, sockets and system calls.

A script of its own, standard library only: `walls.py '{"read": …, "write": …, "ports": …, …}' COMMAND…`.
Landlock holds files and TCP, seccomp what Landlock lets through (UDP, MPTCP, fast open, io_uring, ptrace).
Where the kernel has neither, the command starts without, unless `must` says that the wall has to stand.
"""

import ctypes
import json
import os
import platform
import resource
import struct
import sys

CREATE, ADD, RESTRICT = 444, 445, 446
PATH_RULE, PORT_RULE = 1, 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1, 2, 4, 8, 1 << 14, 1 << 15
READING = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Number of the file rights that each version of Landlock knows; 16 since the fifth."""
BIND_AND_CONNECT, CONNECT = 3, 2
SIGNALS_AND_SOCKETS = 3
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2
LOAD, AND, EQUAL, AT_LEAST, HAS, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
NUMBER, ARCH, ARGUMENTS = 0, 4, 16
FAST_OPEN = 0x20000000
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: its mark, and the number of `socket`."""
SENDERS = {"x86_64": ((44, 3), (46, 2), (307, 3)), "aarch64": ((206, 3), (211, 2), (269, 3))}
"""The calls that send, with the argument that holds their flags."""
UNNEEDED = {
    "x86_64": (101, 310, 311, 248, 249, 250, 321, 298, 272, 308, 165),
    "aarch64": (117, 270, 271, 217, 218, 219, 280, 241, 97, 268, 40),
}
"""ptrace, reading and writing others' memory, keys, bpf, perf, unshare, setns, mount."""
EVERYWHERE = (425, 426, 427, 438, 440, 428, 429, 430, 431, 432, 433, 442)
"""io_uring, pidfd_getfd, process_madvise and the new calls of mounting have one number on both."""

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
LARGEST_FILE = 256 * 1024 * 1024
Step = tuple[int, int, int, int]


def wall_off(read: list[str], write: list[str], ports: list[int]) -> bool:
    """Hold this process to these paths and ports; whether Landlock could do both."""
    abi = libc.syscall(CREATE, None, 0, 1)
    if abi < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(abi, 16)) - 1
    fields = [rights, BIND_AND_CONNECT if abi >= 4 else 0, SIGNALS_AND_SOCKETS if abi >= 6 else 0]
    known = 1 if abi < 4 else 2 if abi < 6 else 3
    attributes = struct.pack(f"{known}Q", *fields[:known])
    rules = libc.syscall(CREATE, attributes, len(attributes), 0)
    for path in read:
        allow_path(rules, path, READING & rights)
    for path in write:
        allow_path(rules, path, rights)
    for port in ports if abi >= 4 else ():
        libc.syscall(ADD, rules, PORT_RULE, struct.pack("=QQ", CONNECT, port), 0)
    if rules < 0 or libc.syscall(RESTRICT, rules, 0):
        return False
    os.close(rules)
    return bool(abi >= 4)


def allow_path(rules: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    allowed = rights if os.path.isdir(path) else rights & OF_FILES  # noqa: PTH112 - of the opened path, no pathlib
    libc.syscall(ADD, rules, PATH_RULE, struct.pack("=Qi", allowed, opened), 0)
    os.close(opened)


def filter_calls() -> bool:
    """Refuse the system calls that lead around the walls; whether the kernel takes the filter."""
    machine = platform.machine()
    if machine not in MACHINES:
        return False
    mark, socket = MACHINES[machine]
    steps: list[Step] = [
        (LOAD, 0, 0, ARCH),
        (EQUAL, 1, 0, mark),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, 0x40000000),  # the other numbering of x86
        (RETURN, 0, 0, REFUSE),
    ]
    for number in (*UNNEEDED[machine], *EVERYWHERE):
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    for number, argument in SENDERS[machine]:
        steps += no_fast_open(number, argument)
    steps += [*only_plain_sockets(socket), (RETURN, 0, 0, ALLOW)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(buffer))
    return bool(libc.prctl(PR_SET_SECCOMP, FILTER, ctypes.create_string_buffer(program), 0, 0) == 0)


def no_fast_open(number: int, argument: int) -> list[Step]:
    """A connection that is made by sending would pass Landlock unseen."""
    return [
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, ARGUMENTS + 8 * argument),
        (HAS, 0, 1, FAST_OPEN),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, NUMBER),
    ]


def only_plain_sockets(number: int) -> list[Step]:
    """Unix sockets, TCP (and no relative of it) over IPv4 and IPv6, and asking which addresses there are."""
    return [
        (EQUAL, 0, 15, number),
        (LOAD, 0, 0, ARGUMENTS),
        (EQUAL, 12, 0, 1),  # AF_UNIX
        (EQUAL, 8, 0, 16),  # AF_NETLINK
        (EQUAL, 1, 0, 2),  # AF_INET
        (EQUAL, 0, 8, 10),  # AF_INET6
        (LOAD, 0, 0, ARGUMENTS + 8),
        (AND, 0, 0, 0xF),
        (EQUAL, 0, 5, 1),  # SOCK_STREAM
        (LOAD, 0, 0, ARGUMENTS + 16),
        (EQUAL, 4, 0, 6),  # IPPROTO_TCP
        (EQUAL, 3, 2, 0),
        (LOAD, 0, 0, ARGUMENTS + 16),
        (EQUAL, 1, 0, 0),  # NETLINK_ROUTE
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


def main() -> None:
    wish, command = json.loads(sys.argv[1]), sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    stands = wall_off(wish["read"], wish["write"], wish["ports"])
    stands = filter_calls() and stands
    if wish["must"] and not stands:
        os.write(2, b"The walls around the agent could not be put up again; it was not started.\n")
        os._exit(126)
    try:
        os.execvp(command[0], command)  # noqa: S606 - the arguments are a list, there is no shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


if __name__ == "__main__":
    main()
