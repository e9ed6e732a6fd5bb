"""`make bench ONLY=pages`: what our pages weigh in a browser, beside a Gradio page of the predecessor's kind.

Each page is opened in a new window, so that nothing of it is there yet. Nothing may be loaded from elsewhere.
Each round opens every page, and the next one goes backwards: a machine's load changes slowly.
"""

import argparse
import os
import platform
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx2
from playwright.sync_api import Browser, Page, Route

from scripts.bench.ratios import ratios
from tests.browser.chromium import open_chromium
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

HEAD = (
    "| page | requests | kB | first paint, ms | all there, ms | paint beside Gradio's | least – most |\n"
    "|---|---|---|---|---|---|---|"
)
GRADIO = "Gradio, the predecessor's kind"
PEER = Path(__file__).parent / "peers" / "gradio_page.py"
BASES = Path(__file__).parents[2] / ".space-base"
HERE = "127.0.0.1"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(frozen=True)
class Visit:
    """One page opened once. Times in milliseconds from the start of the navigation."""

    requests: int
    bytes: int
    painted: float
    complete: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="after one that only warms up")
    rounds = parser.parse_args().rounds
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}, {rounds} rounds\n")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, open_chromium() as chromium, _peer() as peer:
        world = World(Path(folder))
        try:
            visits = _rounds(chromium, {**_ours(world), GRADIO: peer}, rounds)
        finally:
            world.close()
    print("\n".join((HEAD, *(_line(name, each, visits[GRADIO]) for name, each in visits.items()))))


def _rounds(chromium: Browser, pages: dict[str, str], rounds: int) -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = {name: [] for name in pages}
    for number in range(rounds + 1):
        for name in pages if number % 2 else reversed(pages):
            visit = _visit(chromium, pages[name])
            if number:  # the first only warms up
                found[name].append(visit)
    return found


def _ours(world: World) -> dict[str, str]:
    thread = world.ada.signs_in().opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_ends(300)
    return {
        "front page": world.url,
        "build form": f"{world.url}/build",
        "run page, ended": f"{world.url}/runs/{run.id}",
    }


def _visit(chromium: Browser, address: str) -> Visit:
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*", _only_from_here)
    sizes = _sizes(page)
    page.goto(address, wait_until="networkidle")
    painted = float(wait_until(lambda: page.evaluate(PAINTED), "the first paint", 60))
    complete = float(page.evaluate(LOADED))
    context.close()
    return Visit(len(sizes), sum(sizes), painted, complete)


def _sizes(page: Page) -> list[int]:
    """Bytes of each answer as it came over the wire, as they come."""
    found: list[int] = []
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: found.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    return found


def _only_from_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname == HERE:
        route.continue_()
    else:
        route.abort()


@contextmanager
def _peer() -> Iterator[str]:
    """The Gradio page, served by the Spaces' own Gradio."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    python = next(BASES.glob("*/bin/python"))
    environment = {"PATH": os.environ["PATH"], "GRADIO_ANALYTICS_ENABLED": "False", "HOME": "/tmp"}  # noqa: S108  # it keeps nothing there
    command = [str(python), str(PEER), str(port)]
    process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(f"http://{HERE}:{port}"), "Gradio", 120)
        yield f"http://{HERE}:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx2.get(address, trust_env=False).is_success
    except httpx2.TransportError:
        return False


def _line(name: str, visits: list[Visit], of_gradio: list[Visit]) -> str:
    cells = (
        name,
        f"{median(each.requests for each in visits):.0f}",
        f"{median(each.bytes for each in visits) / 1000:.1f}",
        f"{median(each.painted for each in visits):.0f}",
        f"{median(each.complete for each in visits):.0f}",
        str(ratios([each.painted for each in visits], [each.painted for each in of_gradio])),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
