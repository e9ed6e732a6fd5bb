"""Runs inside the confinement and says what it could reach. A script of its own, standard library only.

`peek.py '{"file": …, "worker": pid, "open": port, "closed": port}'` prints what was reached as JSON.
"""

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path


def reached(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), 5).close()


def main() -> None:
    asked = json.loads(sys.argv[1])
    worker = Path("/proc") / str(asked["worker"])
    found = {
        "file": reached(Path(asked["file"]).read_bytes),
        "arguments": reached((worker / "cmdline").read_bytes),
        "secrets": reached((worker / "environ").read_bytes) or reached((worker / "mem").open),
        "open": reached(lambda: connect(asked["open"])),
        "closed": reached(lambda: connect(asked["closed"])),
        "datagram": reached(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
