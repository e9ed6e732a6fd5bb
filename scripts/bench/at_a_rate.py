"""How long an acknowledgement takes at 50 deliveries a second: with nothing else to do, and while runs start.

Each delivery is a command of somebody else's, and is on disk before its answer.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bot.settings import Settings
from scripts.bench.acknowledged import FLOOR, KEPT, WARM_UP
from scripts.bench.cheap_hub import LAUNCH
from scripts.bench.deliveries import Kind, write
from scripts.bench.open_runs import put_people
from scripts.bench.sending import Answers, percentile, send_all, send_at
from scripts.bench.servers import Start, bot, peer, running, settings_at
from scripts.bench.small_world import SmallWorld

RATE = 50
MANY = 400
STARTING = "the bot, each a run that starts"
HEAD = (
    f"| {RATE} deliveries a second | 50 %, ms | 99 %, ms | most, ms | aim, 99 %, ms | "
    "runs started meanwhile, each second |\n|---|---|---|---|---|---|"
)
AIMS = {KEPT: "5", STARTING: "40"}


def lines(world: SmallWorld, rounds: int, folder: Path) -> Iterator[str]:
    yield HEAD
    settings = world.settings(log_level="INFO")
    cases = {
        FLOOR: partial(peer, "bare_fastapi.py", world.secret),
        KEPT: partial(bot, settings, without="work"),
        STARTING: partial(_among_people, settings),
    }
    for name, start in cases.items():
        times, started = [], []
        for _ in range(rounds):
            world.asked()
            answers = _sent(start, folder, world.secret)
            times.extend(answers.times)
            started.append(world.asked().get(LAUNCH, 0) / answers.seconds)
        runs = f"{min(started):.0f} – {max(started):.0f}" if name == STARTING else ""
        ends = " | ".join(f"{percentile(times, each):.1f}" for each in (50, 99, 100))
        yield f"| {name} | {ends} | {AIMS.get(name, '')} | {runs} |"


def _sent(start: partial[Start], folder: Path, secret: str) -> Answers:
    warm_up = write(folder / "warm-up", Kind.OTHERS, WARM_UP, secret)
    deliveries = write(folder / "deliveries", Kind.BUILDS, MANY, secret)
    with running(start, folder / "server.log") as server:
        send_all(server.address, warm_up)
        return send_at(RATE, server.address, deliveries)


def _among_people(settings: Settings, port: int) -> Start:
    """Everybody who will ask is connected."""
    put_people(settings_at(settings, port), MANY)
    return bot(settings, port)
