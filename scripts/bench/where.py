"""Where the processor's time of a delivery goes: by kind of thread, and the sender's beside it.

Each case leaves out one part more, so that a row less the one above it is that part.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from bot.settings import Settings
from scripts.bench.acknowledged import DURABLE, FLOOR, KEPT, MANY, OURS, UNPARSED, WARM_UP
from scripts.bench.deliveries import Kind, write
from scripts.bench.sending import CONNECTIONS, send_all
from scripts.bench.servers import Server, Start, peer, running, settings_at
from scripts.bench.watched import KINDS, REST
from tests.harness.bot import environment_of
from tests.harness.waiting import wait_until

CASES = {
    UNPARSED: (Kind.OTHERS, ["parse"]),
    OURS: (Kind.OTHERS, []),
    KEPT: (Kind.COMMANDS, ["work"]),
    DURABLE: (Kind.COMMANDS, []),
}
ANSWERS = KINDS["MainThread"]
SENDER, SPEED = "the sender", "each second"
NAMES = (*KINDS.values(), REST, SENDER)
HEAD = (
    f"| {MANY} deliveries, {CONNECTIONS} connections: processor, ms each | {' | '.join(NAMES)} | {SPEED} |\n"
    f"|---|{'---|' * (len(NAMES) + 1)}"
)
Used = dict[str, float]
"""Seconds of each kind of thread."""


def lines(settings: Settings, rounds: int, folder: Path, secret: str) -> Iterator[str]:
    """Medians of the rounds."""
    yield HEAD
    floor = partial(peer, "bare_fastapi.py", secret)
    told = folder / "threads.json"
    found: dict[str, list[Used]] = {name: [] for name in (FLOOR, *CASES)}
    for _ in range(rounds):
        found[FLOOR].append(_used(floor, Kind.OTHERS, folder, secret, _whole))
        for name, (kind, without) in CASES.items():
            start = partial(_watched, settings, told, without)
            found[name].append(_used(start, kind, folder, secret, partial(_by_thread, told)))
    for name, each in found.items():
        middle = {kind: median(used.get(kind, 0.0) for used in each) for kind in (*NAMES, SPEED)}
        cells = [f"{1000 * middle[kind]:.3f}" for kind in NAMES]
        yield f"| {name} | {' | '.join(cells)} | {middle[SPEED]:.0f} |"


def _used(
    start: Callable[[int], Start], kind: Kind, folder: Path, secret: str, look: Callable[[Server], Used]
) -> Used:
    """For one delivery, until the last is answered."""
    warm_up = write(folder / "warm-up", Kind.OTHERS, WARM_UP, secret)
    deliveries = write(folder / "deliveries", kind, MANY, secret)
    with running(start, folder / "server.log") as server:
        send_all(server.address, warm_up)
        before = look(server) | {SENDER: _senders()}
        answers = send_all(server.address, deliveries)
        after = look(server) | {SENDER: _senders()}
    each = {name: (seconds - before.get(name, 0.0)) / MANY for name, seconds in after.items()}
    return each | {SPEED: answers.each_second}


def _senders() -> float:
    """Seconds of the senders so far, and of nobody else: the servers end later."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _whole(server: Server) -> Used:
    return {ANSWERS: server.cpu_seconds()}


def _watched(settings: Settings, told: Path, without: list[str], port: int) -> Start:
    command = [sys.executable, "-m", "scripts.bench.watched", str(told), *without]
    return Start(command, environment_of(settings_at(settings, port)))


def _by_thread(told: Path, server: Server) -> Used:
    told.unlink(missing_ok=True)
    os.kill(server.pid, signal.SIGUSR1)
    wait_until(told.exists, "what the threads used", seconds=60)
    seconds: Used = json.loads(told.read_text())
    return seconds
