"""A person's browser window. Whatever a page complains about is kept, and looked at when the test leaves."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, WebError

from tests.harness.people import Thread
from tests.harness.world import World

PATIENCE = 15_000
"""Milliseconds that anything on a page may take to come."""
HARMLESS = {
    # Gradio focuses its first field; Chromium doesn't let a frame take the focus from the page around it.
    "Blocked autofocusing on a <textarea> element in a cross-origin subframe.",
}


class Window:
    """`options` are those of a Playwright browser context."""

    def __init__(self, chromium: Browser, world: World, **options: Any) -> None:
        self.world = world
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", self._note_error)
        self.context.on("dialog", self._note_dialog)
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        return self.context.new_page()

    def signs_in(self, name: str) -> None:
        """The whole OAuth round trip, from the bot's front page."""
        self.page.goto(self.world.url)
        self.page.get_by_role("link", name="Sign in with Hugging Face").click()
        self.page.get_by_role("button", name="Go on to Hugging Face").click()
        self.chooses(name)

    def chooses(self, name: str) -> None:
        """Who one is, on the Hub's sign-in page; then allow what the bot asks for, if it was not before."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_url(re.compile(f"{self.world.url}/|/oauth/authorize"))
        if "/oauth/authorize" in self.page.url:
            self.page.get_by_role("button", name="Allow").click()
            self.page.wait_for_url(f"{self.world.url}/**")

    def signs_in_on_the_hub(self, name: str) -> None:
        self.page.goto(f"{self.world.hub.endpoint}/login")
        self.page.get_by_role("button", name=name, exact=True).click()

    def opens_discussion(self, model: str, text: str, title: str = "A Space, please") -> Thread:
        """From the model's page, with mouse and keyboard."""
        page = self.page
        page.goto(f"{self.world.hub.endpoint}/{model}")
        page.get_by_role("link", name="Start a discussion").click()
        page.get_by_label("Title").click()
        page.keyboard.type(title)
        page.keyboard.press("Tab")
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/discussions/\d+$"))
        thread = Thread(self.world, model, int(urlsplit(page.url).path.rsplit("/", 1)[1]))
        self.world.threads.append(thread)
        return thread

    def close(self) -> None:
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text not in HARMLESS:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()
