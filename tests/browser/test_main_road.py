"""The main job, as a person with a browser does it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.window import Window
from tests.harness.world import SENTIMENT, World

pytestmark = pytest.mark.timeout(400)
"""Seconds: a build under way in a browser takes a slow machine its time."""

READY = 200_000
"""Milliseconds that a build may take."""


def test_a_person_asks_watches_and_uses_the_space(world: World, window: Window) -> None:
    window.signs_in("ada")
    expect(window.page.get_by_text("Connected as ada")).to_be_visible()

    thread = window.opens_discussion(SENTIMENT, "@space-factory build")
    _stays(window.page)
    run_page = window.new_tab()
    run_page.goto(window.page.get_by_role("link", name="run page").get_attribute("href") or "")
    _stays(run_page)
    run_page.get_by_role("link", name="Model").focus()
    expect(run_page.locator(".steps li")).to_have_count(6)
    expect(run_page.locator(".steps .done")).not_to_have_count(6)

    expect(run_page.locator(".steps .done")).to_have_count(6, timeout=READY)
    expect(run_page.get_by_text("full_inference_success")).to_be_visible()
    expect(run_page.get_by_role("status")).to_have_text("ready: Call it, done")
    expect(run_page.get_by_role("link", name="Model")).to_be_focused()
    expect(window.page.get_by_text("Ready:")).to_have_count(2)
    assert _has_stayed(run_page) and _has_stayed(window.page), "a page was loaded again"
    assert "**Ready:**" in thread.next_reply() and "@ada" in thread.next_reply()

    window.page.locator(".comment").last.get_by_role("link", name="ada/").click()
    _classify(window.page, "The handle broke after a week, a waste of money.", answer="negative")
    _classify(window.page, "I love it, works great.", answer="positive")


def _classify(page: Page, text: str, *, answer: str) -> None:
    """Ask the embedded app in one's own words."""
    app = page.frame_locator("iframe.app")
    app.get_by_label("Text").fill(text)
    app.get_by_role("button", name="Classify").click()
    expect(app.get_by_test_id("label-output-value")).to_have_text(answer)


def _stays(page: Page) -> None:
    """Mark the page as it is loaded now; the mark is gone when it is loaded again."""
    page.evaluate("() => { document.hasStayed = true }")


def _has_stayed(page: Page) -> bool:
    return bool(page.evaluate("() => document.hasStayed"))
