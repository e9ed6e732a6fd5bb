"""How long people wait for the first answer, in a burst: `python -m scripts.bench.answers`.

On the Hub from the delivery to the reply in the thread; on Discord from the command to the first answer (the
limit is 3 s) and to the words. The bot is a process of its own, as in production. Nobody's Job is started:
each asks for a version that is not there, which takes every step that comes before one.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from tests.harness.chat import Chat
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT
from tests.safety.deliveries import deliver, payload

HEAD = "| first answer | median, ms | 99th percentile, ms | slowest, ms | answers |\n|---|---|---|---|---|"
LONGEST = 120.0


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        chat = _chat(Path(folder))
        try:
            print(HEAD)
            for name, times in measured(chat, options.burst, options.rounds).items():
                print(line(name, times), flush=True)
        finally:
            chat.close()


def measured(chat: Chat, burst: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by what was waited for; the first round only warms up."""
    found: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for measure in (_comments, _gateway, _endpoint):
            for name, times in measure(chat, burst, number).items():
                found.setdefault(name, []).extend(times if number else ())
    return found


def line(name: str, times: Sequence[float]) -> str:
    last = quantiles(times, n=100, method="inclusive")[98]
    return f"| {name} | {median(times):.0f} | {last:.0f} | {max(times):.0f} | {len(times)} |"


def _chat(folder: Path) -> Chat:
    chat = Chat(folder, commands_per_hour=100_000, requests_per_minute=100_000)
    chat.world.stops()
    chat.world.starts_as_process()
    chat.discord.connects()
    chat.links(chat.ada, chat.world.ada)
    return chat


def _comments(chat: Chat, burst: int, number: int) -> dict[str, list[float]]:
    """A comment in a thread of its own each; the deliveries arrive together, and only once."""
    ada = chat.world.ada
    for hook in (listener := chat.world.hub.api("space-factory")).list_webhooks():
        listener.delete_webhook(hook.id)
    threads = [ada.opens_discussion(SENTIMENT, "Hello.") for _ in range(burst)]
    text = f"@space-factory build rev=not-there-{number}"
    bodies = [payload(thread, ada.says(thread, text), ada.id, text) for thread in threads]

    def answered(number: int) -> float:
        began = time.time()
        assert deliver(chat.world, bodies[number]).status_code == 202
        return began

    with ThreadPoolExecutor(burst) as pool:
        began = list(pool.map(answered, range(burst)))
    replied = [_said_at(thread) for thread in threads]
    return {"comment: words": [1000 * (end - start) for start, end in zip(began, replied, strict=True)]}


def _said_at(thread: Thread) -> float:
    """When the reply was posted, by the Hub's clock, which is this machine's."""
    wait_until(lambda: bool(thread.replies()), "a reply", LONGEST)
    return thread.replies()[0].created_at.timestamp()


def _gateway(chat: Chat, burst: int, number: int) -> dict[str, list[float]]:
    chat.discord.endpoint.set_to(None)
    return _slashes(chat, burst, f"gateway-{number}", "Discord, gateway")


def _endpoint(chat: Chat, burst: int, number: int) -> dict[str, list[float]]:
    chat.discord.endpoint.set_to(f"{chat.world.url}/webhooks/discord")
    return _slashes(chat, burst, f"http-{number}", "Discord, HTTP")


def _slashes(chat: Chat, burst: int, version: str, name: str) -> dict[str, list[float]]:
    asked = [chat.ada.slash("build", model=SENTIMENT, rev=f"{version}-{each}") for each in range(burst)]
    words: dict[str, float] = {}

    def all_have_words() -> bool:
        there = [
            each for each in asked if each.id not in words and each.original and not each.original.thinking
        ]
        words.update({each.id: 1000 * (chat.discord.state.clock.now() - each.asked_at) for each in there})
        return len(words) == burst

    wait_until(all_have_words, "every answer's words", LONGEST, every=0.01)
    return {
        f"{name}: first answer": [each.milliseconds for each in asked],
        f"{name}: words": [*words.values()],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.answers", description=__doc__)
    parser.add_argument("--burst", type=int, default=30, help="how many ask at once")
    parser.add_argument("--rounds", type=int, default=3, help="after one that only warms up")
    return parser


if __name__ == "__main__":
    main()
