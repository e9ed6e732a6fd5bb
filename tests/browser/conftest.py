"""Fixtures only: Chromium once for all tests, and windows in which nothing may have complained."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import NoChromium, open_chromium
from tests.browser.window import PATIENCE, Window
from tests.harness.world import World


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    try:
        with open_chromium() as browser:
            yield browser
    except NoChromium as missing:
        pytest.exit(str(missing), returncode=2)


@pytest.fixture
def new_window(chromium: Browser, world: World) -> Iterator[Callable[..., Window]]:
    """Opens a window of its own for a person; takes the options of a Playwright browser context."""
    opened: list[Window] = []

    def open_window(**options: object) -> Window:
        opened.append(Window(chromium, world, **options))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()
    complaints = [complaint for window in opened for complaint in window.complaints]
    assert not complaints, f"the browser complained: {complaints}"


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    return new_window()
