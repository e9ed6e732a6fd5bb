"""Opens one page in a headless Chromium and takes its picture: the other end of `worker/screenshot.py`.

A script of its own, started in a sandbox. It reads `order.json` in the folder where it is started.
"""

import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Route, sync_playwright

SCREEN = (1280, 900)
"""CSS pixels."""
FLAGS = ("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-dev-shm-usage")
DRAWN = """() =>
  [...document.images].every(each => each.complete || each.loading === "lazy")
  && (!window.gradio_config
    || document.querySelector(".gradio-container :is(.block, input, textarea)")
      && !document.querySelector(".gradio-container .loading"))
"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def main() -> None:
    paper = Path("order.json")
    order = json.loads(paper.read_text())
    paper.unlink()  # there is a pass in it
    width, height = SCREEN
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=order["browser"], args=[*FLAGS])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(order["seconds"] * 1000)
        _stay_at(page, order["address"])
        page.goto(order["address"], wait_until="load")
        _wait_until_drawn(page)
        page.screenshot(path=order["file"])
        browser.close()


def _stay_at(page: Page, address: str) -> None:
    """Nothing is loaded from anywhere else, whatever the page asks for."""
    own = urlsplit(address)[:2]

    def decide(route: Route) -> None:
        if urlsplit(route.request.url)[:2] == own:
            route.continue_()
        else:
            route.abort()

    page.route("**/*", decide)


def _wait_until_drawn(page: Page) -> None:
    """What shows nothing in time is pictured as it is. Gradio draws for a while after its page is loaded."""
    with suppress(Error):
        page.wait_for_function(DRAWN)
        page.evaluate(PAINTED)


if __name__ == "__main__":
    main()
