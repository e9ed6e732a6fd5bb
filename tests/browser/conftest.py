"""Fixtures only: Chromium once for all tests, and windows that nothing may have complained in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import NoChromium, open_chromium
from tests.browser.window import Window


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        with open_chromium() as browser:
            yield browser
    except NoChromium as missing:
        pytest.exit(str(missing), returncode=2)


@pytest.fixture
def new_window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Opens the window of another person."""
    opened: list[Window] = []

    def open_window(**options: object) -> Window:
        opened.append(Window(chromium, **options))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()
    assert [complaint for window in opened for complaint in window.complaints] == []


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    return new_window()
