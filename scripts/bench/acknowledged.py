"""Deliveries acknowledged in a second: the bot, the bot without a part of it, and the peers, in turns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bot.settings import Settings
from scripts.bench.deliveries import Kind, write
from scripts.bench.ratios import ratios
from scripts.bench.sending import CONNECTIONS, Answers, percentile, send_all
from scripts.bench.servers import Start, bot, peer, running

MANY = 2000
WARM_UP = 500
FLOOR = "FastAPI with the secret's check only"
OURS, UNPARSED = "the bot, not for us", "the bot, not for us, without the parse"
DURABLE, KEPT = "the bot, each a command", "the bot, each a command, and nothing begun"
HUB, OCTOKIT, PROBOT = "huggingface_hub's WebhooksServer", "@octokit/webhooks", "Probot"
HEAD = (
    f"| {MANY} deliveries, {CONNECTIONS} connections | each second | beside FastAPI | least – most | "
    "50 %, ms | 99 %, ms | processor, ms each |\n|---|---|---|---|---|---|---|"
)
PAIRS = {
    (KEPT, FLOOR): 0.9,
    (DURABLE, FLOOR): 0.9,
    (DURABLE, HUB): 4,
    (DURABLE, PROBOT): 2,
    (DURABLE, OCTOKIT): None,
    (OURS, UNPARSED): 0.95,
}
"""What is put beside what, and the least that is aimed at."""
PAIRS_HEAD = "| deliveries each second, beside each other | ratio | least – most | aim |\n|---|---|---|---|"


@dataclass(frozen=True)
class Contender:
    """A server, and what it is sent."""

    start: Callable[[int], Start]
    kind: Kind


@dataclass(frozen=True)
class Taken:
    """One round of one contender. The processor's seconds are of the server alone, for each delivery."""

    answers: Answers
    processor: float


Rounds = dict[str, list[Taken]]


def contenders(settings: Settings, secret: str) -> dict[str, Contender]:
    as_it_is = partial(bot, settings)
    return {
        FLOOR: Contender(partial(peer, "bare_fastapi.py", secret), Kind.OTHERS),
        OURS: Contender(as_it_is, Kind.OTHERS),
        UNPARSED: Contender(partial(bot, settings, without="parse"), Kind.OTHERS),
        "the bot, one in twenty a command": Contender(as_it_is, Kind.MOSTLY_OTHERS),
        DURABLE: Contender(as_it_is, Kind.COMMANDS),
        KEPT: Contender(partial(bot, settings, without="work"), Kind.COMMANDS),
        HUB: Contender(partial(peer, "webhooks_server.py", secret), Kind.OTHERS),
        OCTOKIT: Contender(partial(peer, "octokit.js", secret), Kind.GITHUB),
        PROBOT: Contender(partial(peer, "probot.js", secret), Kind.GITHUB),
    }


def measured(contenders: dict[str, Contender], rounds: int, folder: Path, secret: str) -> Rounds:
    """Every other round goes backwards: a machine's load changes slowly."""
    found: Rounds = {name: [] for name in contenders}
    for number in range(rounds):
        turns = [*contenders.items()]
        for name, contender in turns[:: -1 if number % 2 else 1]:
            found[name].append(take(contender, folder, secret))
    return found


def take(contender: Contender, folder: Path, secret: str) -> Taken:
    """Start it, warm it up, and send; what the bot has in hand by then dies with it."""
    without_effect = Kind.GITHUB if contender.kind is Kind.GITHUB else Kind.OTHERS
    warm_up = write(folder / "warm-up", without_effect, WARM_UP, secret)
    deliveries = write(folder / "deliveries", contender.kind, MANY, secret)
    with running(contender.start, folder / "server.log") as server:
        send_all(server.address, warm_up)
        before = server.cpu_seconds()
        answers = send_all(server.address, deliveries)
        return Taken(answers, (server.cpu_seconds() - before) / MANY)


def lines(found: Rounds) -> Iterator[str]:
    yield HEAD
    speeds = {name: [each.answers.each_second for each in taken] for name, taken in found.items()}
    for name, taken in found.items():
        times = [time for each in taken for time in each.answers.times]
        cells = (
            name,
            f"{median(speeds[name]):.0f}",
            str(ratios(speeds[name], speeds[FLOOR])),
            f"{percentile(times, 50):.1f}",
            f"{percentile(times, 99):.1f}",
            f"{1000 * median(each.processor for each in taken):.2f}",
        )
        yield f"| {' | '.join(cells)} |"
    yield "\n" + PAIRS_HEAD
    for (one, other), aim in PAIRS.items():
        yield f"| {one} / {other} | {ratios(speeds[one], speeds[other])} | {aim or ''} |"
