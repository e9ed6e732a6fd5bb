"""Sends deliveries to one address, with the same program for every server, and keeps how long each took."""

import json
import math
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.node import PEERS, node

CONNECTIONS = 32


@dataclass(frozen=True)
class Answers:
    """What became of the deliveries of one sending."""

    seconds: float
    """From the first delivery to the last answer."""
    times: tuple[float, ...]
    """Milliseconds of each."""

    @property
    def each_second(self) -> float:
        return len(self.times) / self.seconds


def send_all(address: str, deliveries: Path) -> Answers:
    """As fast as they are answered, over some connections."""
    return _send(address, deliveries, str(CONNECTIONS))


def send_at(each_second: int, address: str, deliveries: Path) -> Answers:
    """At a rate, whatever becomes of those before."""
    return _send(address, deliveries, f"{each_second}/s")


def percentile(times: Iterable[float], percent: float) -> float:
    """The least time within which so many of a hundred were answered."""
    ordered = sorted(times)
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def _send(address: str, deliveries: Path, how: str) -> Answers:
    command = [str(node()), str(PEERS / "send.js"), address, str(deliveries), how]
    sent = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, cwd=PEERS)
    found = json.loads(sent.stdout)
    assert all(status.startswith("2") for status in found["answers"]), found["answers"]
    return Answers(found["seconds"], tuple(found["times"]))
