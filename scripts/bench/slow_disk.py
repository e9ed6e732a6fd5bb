"""Durable acknowledgements where the disk is slow: every fsync of the bot takes 5 ms longer."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bot.settings import Settings
from scripts.bench.acknowledged import DURABLE, KEPT, MANY, Contender, take
from scripts.bench.deliveries import Kind
from scripts.bench.sending import CONNECTIONS, percentile
from scripts.bench.servers import bot

SLOWED_US = 5000
SOURCE = Path(__file__).with_name("slow_fsync.c")
HEAD = (
    f"| {MANY} deliveries, {CONNECTIONS} connections, fsync slowed by 5 ms | each second | least – most | "
    "50 %, ms | 99 %, ms | aim |\n|---|---|---|---|---|---|"
)


def lines(settings: Settings, rounds: int, folder: Path, secret: str) -> Iterator[str]:
    yield HEAD
    if not (library := _library(folder)):
        yield "| not measured: there is no C compiler here | | | | | |"
        return
    slowed = {"LD_PRELOAD": str(library), "FSYNC_SLOWED_US": str(SLOWED_US)}
    for name, without in ((KEPT, "work"), (DURABLE, "")):
        contender = Contender(partial(bot, settings, without=without, **slowed), Kind.COMMANDS)
        found = [take(contender, folder, secret).answers for _ in range(rounds)]
        speeds, times = [each.each_second for each in found], [time for each in found for time in each.times]
        yield (
            f"| {name} | {median(speeds):.0f} | {min(speeds):.0f} – {max(speeds):.0f} | "
            f"{percentile(times, 50):.1f} | {percentile(times, 99):.1f} | 2000 each second |"
        )


def _library(folder: Path) -> Path | None:
    """The slowed fsync, compiled; None where nothing compiles C."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "slow_fsync.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    return library
