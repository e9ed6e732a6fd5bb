"""What open runs cost while nothing happens: memory, and a share of one core.

Their Jobs run and their workers say nothing: what the bot does by itself is to look at them now and then.
"""

import subprocess
import sys
import time
from pathlib import Path

from scripts.bench.open_runs import put_open_runs
from scripts.bench.recovery import all_looked_at
from scripts.bench.small_world import bot, memory, processor_seconds, small_world
from tests.harness.local_hub import ROOT

COUNTS = (0, 100, 1_000, 10_000)
SETTLE, WATCHED = 15.0, 40.0
"""Seconds after the first look at each, and seconds for which it is watched."""


IMPORTS = ("sys", "sqlalchemy", "huggingface_hub.hf_api", "fastapi", "discord", "dbos", "bot.serve")
RESIDENT = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')))"


def idle(folder: Path) -> dict[str, float]:
    found = {f"memory, `import {name}` and nothing else (MB)": _imported(name) for name in IMPORTS}
    for count in COUNTS:
        found |= _with(count, folder / f"idle-{count}")
    growth = found[f"memory, {COUNTS[-1]} open runs (MB)"] - found[f"memory, {COUNTS[0]} open runs (MB)"]
    return found | {"memory, growth per open run (KB)": growth * 1024 / COUNTS[-1]}


def _imported(module: str) -> float:
    command = [sys.executable, "-c", f"import {module}\n{RESIDENT}"]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout) / 1024


def _with(count: int, folder: Path) -> dict[str, float]:
    with small_world(folder) as world:
        settings = world.settings()
        put_open_runs(settings, count)
        with bot(settings, folder) as process:
            all_looked_at(settings, time.time())
            time.sleep(SETTLE)
            world.asked()
            used, began = processor_seconds(process.pid), time.monotonic()
            time.sleep(WATCHED)
            seconds = time.monotonic() - began
            share = 100 * (processor_seconds(process.pid) - used) / seconds
            return {
                f"memory, {count} open runs (MB)": memory(process.pid),
                f"processor, {count} open runs (% of a core)": share,
                f"Hub calls a second, {count} open runs": sum(world.asked().values()) / seconds,
            }
