"""The process of a Gradio Space: a port for it, waiting until it answers there, and what its end means."""

import secrets
import socket
import time
from collections.abc import Iterable

import httpx2

from bot.localhub.processes import Process
from bot.localhub.space_builder import Failed
from bot.localhub.space_records import Stage

PORTS = range(20_000, 32_000)
"""Below the range from which Linux takes the ports of outgoing connections."""
POLL = 0.1
REASON_LIMIT = 2000


def listen_on_free_port(wanted: int | None = None) -> socket.socket:
    """A listening socket on loopback, on the wanted port if that is free."""
    for port in [*([wanted] if wanted else []), *(secrets.choice(PORTS) for _ in range(100))]:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen(1024)
        except OSError:
            listening.close()
        else:
            return listening
    raise OSError(f"there is no free port between {PORTS.start} and {PORTS.stop}")


def free_port() -> int:
    """A port that nobody listens on now."""
    with listen_on_free_port() as listening:
        return int(listening.getsockname()[1])


def await_health(process: Process, port: int, seconds: float, last_lines: Iterable[str]) -> None:
    """Return once the app answers HTTP on its port. Raises Failed if it ends, or is not there in time."""
    deadline = time.monotonic() + seconds
    with httpx2.Client(trust_env=False, timeout=2) as client:
        while not _answers(client, port):
            if time.monotonic() > deadline:
                minutes = f"{seconds / 60:g}"
                message = f"Launch timed out, workload was not healthy after {minutes} min"
                raise Failed(Stage.RUNTIME_ERROR, message)
            try:
                code = process.wait(POLL)
            except TimeoutError:
                continue
            raise Failed(Stage.RUNTIME_ERROR, reason_of_end(code, last_lines))


def _answers(client: httpx2.Client, port: int) -> bool:
    try:
        return client.get(f"http://127.0.0.1:{port}/").status_code < 500
    except httpx2.HTTPError:
        return False


def reason_of_end(code: int, last_lines: Iterable[str]) -> str:
    """What the owner of the Space is told, ending with the app's last words."""
    return f"Exit code: {code}. Reason: {''.join(last_lines)[-REASON_LIMIT:]}"
