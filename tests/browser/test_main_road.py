"""The main job in a browser: sign in, ask, watch it happen, use the Space."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.window import Window
from tests.harness.people import Thread
from tests.harness.world import SENTIMENT, World

READY = 60_000
"""Milliseconds that a build may take."""


def test_a_person_asks_watches_and_uses_the_space(world: World, window: Window) -> None:
    t = time.monotonic()

    def lap(w):
        print(w, round(time.monotonic() - t, 1))

    window.signs_in(world.url, "ada")
    lap("in")
    expect(window.page.get_by_text("Connected as ada")).to_be_visible()

    ref = window.opens_discussion(world.hub.endpoint, SENTIMENT, "A Space, please", "@space-factory build")
    thread = Thread(world, ref.repo, ref.num)
    world.threads.append(thread)
    lap("asked")
    page = window.page
    page.get_by_role("link", name="run page").wait_for()
    lap("message")
    run_page = window.new_tab()
    run_page.goto(page.get_by_role("link", name="run page").get_attribute("href"))
    lap("tab")
    print(run_page.locator(".steps").inner_text())
    expect(run_page.locator(".steps .done")).to_have_count(6, timeout=READY)
    lap("done")
    expect(page.get_by_text("Ready:")).to_have_count(2, timeout=READY)
    lap("final")
    page.screenshot(path="/tmp/h5_thread.png", full_page=True)
    print(thread.next_reply(), thread.next_reply())
    page.get_by_text("ada/product-reviews-sentiment-demo").first.click()
    app = page.frame_locator("iframe.app")
    app.get_by_label("Text").fill("The handle broke after one week, what a waste of money.")
    lap("filled")
    app.get_by_role("button", name="Classify").click()
    app.get_by_text("negative").first.wait_for()
    lap("answered")
    page.screenshot(path="/tmp/h5_space.png", full_page=True)
    run_page.screenshot(path="/tmp/h5_run.png", full_page=True)
