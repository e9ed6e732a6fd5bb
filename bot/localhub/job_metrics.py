"""What a running Job uses of this machine: a sample each second, as server-sent events.

Read from /proc, over all descendants of the Job's supervisor; where there is no /proc, all is zero.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi.responses import StreamingResponse

from bot.localhub import hardware
from bot.localhub.job_records import Job

EVERY = 1.0
POLL = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """Of a group of processes, at `at` (monotonic seconds)."""

    at: float
    cpu_seconds: float
    memory_bytes: int


def usage_of(supervisor: int) -> Usage:
    """What the descendants of a process have used so far. The process itself does not count."""
    found: dict[int, tuple[int, float, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        ticks = sum(int(field) for field in fields[11:15])
        found[int(stat.parent.name)] = (int(fields[1]), ticks / _TICKS, int(fields[21]) * _PAGE)
    ours: set[int] = set()
    grown = {supervisor}
    while grown:
        grown = {pid for pid, (parent, _, _) in found.items() if parent in grown} - ours
        ours |= grown
    return Usage(time.monotonic(), sum(found[pid][1] for pid in ours), sum(found[pid][2] for pid in ours))


def event_stream(job: Job, pid: Callable[[], int | None], over: Callable[[], bool]) -> StreamingResponse:
    """A sample at once when the Job runs, then one each second until it is over."""
    headers = {"Cache-Control": "no-cache"}
    return StreamingResponse(_events(job, pid, over), media_type="text/event-stream", headers=headers)


async def _events(job: Job, pid: Callable[[], int | None], over: Callable[[], bool]) -> AsyncIterator[str]:
    before: Usage | None = None
    due = time.monotonic()
    while not over():
        supervisor = pid()
        if supervisor is None or time.monotonic() < due:
            await asyncio.sleep(POLL)
            continue
        usage = await asyncio.to_thread(usage_of, supervisor)
        yield f"event: metric\ndata: {json.dumps(_sample(job, usage, before))}\n\n"
        before, due = usage, time.monotonic() + EVERY


def _sample(job: Job, usage: Usage, before: Usage | None) -> dict[str, object]:
    """As the real Hub writes it. Percent of the flavor's processors; the first sample has none to compare."""
    flavor = hardware.FOR_JOBS[job.flavor]
    percent = 0.0
    if before is not None:
        used = max(0.0, usage.cpu_seconds - before.cpu_seconds)
        percent = 100 * used / (usage.at - before.at) / flavor.cpus
    return {
        "cpu_usage_pct": round(percent, 1),
        "cpu_millicores": flavor.cpus * 1000,
        "memory_used_bytes": usage.memory_bytes,
        "memory_total_bytes": flavor.memory * 2**30,
        "rx_bps": 0,
        "tx_bps": 0,
        "gpus": {},
        "replica": job.id[:5],
    }
