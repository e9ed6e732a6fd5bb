"""The system's Chromium, headless: where it is, and how it is started."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """The sentence says how to get one."""


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """A running browser, without any window yet."""
    # As root Chromium starts only without its sandbox.
    flags = [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else [*FLAGS]
    executable = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags, headless=True)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium() -> str:
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise NoChromium(
        f"There is no browser to test with: none of {', '.join(NAMES)} is installed. "
        "Install one, for example with `apt-get install chromium`, and try again."
    )
