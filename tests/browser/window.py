"""A person's browser window. Whatever a page complains about is kept, and looked at when the test leaves."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, WebError

from bot.domain.models import ThreadRef

DEFECTS = (Path(__file__).parent / "defects.js").read_text()
THREAD = re.compile(r"^/(?P<repo>[^/]+/[^/]+)/discussions/(?P<num>\d+)$")


class Window:
    """`options` are those of a Playwright browser context. Texts on a page may take 15 s to come."""

    def __init__(self, chromium: Browser, **options: object) -> None:
        self.context = chromium.new_context(**options)  # type: ignore[arg-type]  # they are Playwright's own
        self.context.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", self._note_error)
        self.context.on("dialog", self._note_dialog)
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        return self.context.new_page()

    def signs_in(self, bot: str, name: str) -> None:
        """The whole OAuth round trip, by pressing what a person would press."""
        self.page.goto(bot)
        self.page.get_by_role("link", name="Sign in with Hugging Face").click()
        self.page.get_by_role("button", name=name).click()
        self.page.get_by_role("button", name="Allow").click()
        self.page.wait_for_url(f"{bot}/")

    def opens_discussion(self, hub: str, model: str, title: str, text: str) -> ThreadRef:
        """With the form on the model's page."""
        self.page.goto(f"{hub}/{model}")
        self.page.get_by_role("link", name="Start a discussion").click()
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_label("Text").fill(text)
        self.page.get_by_role("button", name="Start discussion").click()
        self.page.wait_for_url(re.compile(r"/discussions/\d+$"))
        found = THREAD.match(urlsplit(self.page.url).path)
        assert found
        return ThreadRef(repo=found["repo"], num=int(found["num"]))

    def close(self) -> None:
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()


def defects(page: Page) -> list[str]:
    """What a person with this screen, a keyboard or a screen reader would stumble over."""
    found: list[str] = page.evaluate(DEFECTS)
    return found
