"""What alice does: in her browser, and in a discussion, as anybody would."""

import re
from html import unescape
from typing import Any

import httpx2

from bot.demo.stage import BOT, Stage, StageError
from bot.domain.living_message import ANSWER_MARK
from bot.hub.client import HubClient
from bot.hub.discussions import Comment, Discussions
from worker.contract import RECORD_BUCKET, Report

REPORT_LIMIT = 1 << 20


def listen(stage: Stage) -> None:
    """The operator's part: one webhook of the bot's account on the zoo and on alice."""
    hub = HubClient(stage.hub, stage.users[BOT])
    watched: list[Any] = [{"type": "org", "name": "zoo"}, {"type": "user", "name": "alice"}]
    hub.api.create_webhook(
        url=f"{stage.bot}/webhooks/hub",
        watched=watched,
        domains=["discussion"],
        secret=stage.settings["WEBHOOK_SECRETS"],
    )


def sign_in(stage: Stage) -> None:
    """The OAuth round trip: the bot's button, the Hub's sign-in and consent pages, and back."""
    with httpx2.Client(follow_redirects=True, timeout=20) as browser:
        page = _submit(browser, browser.get(f"{stage.bot}/connect"), next="/")
        if "/login" in page.url.path:
            page = _submit(browser, page, username="alice")
        page = _submit(browser, page, decision="allow")
        if page.status_code != 200 or not str(page.url).startswith(stage.bot):
            raise StageError(f"The sign-in ended at {page.url.path} with status {page.status_code}.")


class Conversation:
    """A discussion that alice opened."""

    def __init__(self, stage: Stage, model: str, text: str) -> None:
        hub = HubClient(stage.hub, stage.users["alice"])
        self._discussions = Discussions(hub)
        self._model = model
        self._num = hub.api.create_discussion(model, "A Space for this model?", description=text).num
        self.url = f"{stage.hub}/{model}/discussions/{self._num}"

    def living_message(self) -> str | None:
        return next((said.text for said in self._said_by_bot() if ANSWER_MARK not in said.text), None)

    def answer(self) -> str | None:
        return next((said.text for said in self._said_by_bot() if ANSWER_MARK in said.text), None)

    def _said_by_bot(self) -> list[Comment]:
        comments = self._discussions.comments(self._model, self._num)
        return [comment for comment in comments if comment.author == BOT]


def read_report(stage: Stage, run_id: str) -> Report:
    """The run's report out of alice's own bucket."""
    hub = HubClient(stage.hub, stage.users["alice"])
    path = f"/buckets/alice/{RECORD_BUCKET}/resolve/runs/{run_id}/report.json"
    body = hub.get_bytes(path, REPORT_LIMIT)
    if body is None:
        raise StageError("The run ended without a report in alice's bucket.")
    return Report.model_validate_json(body)


def _submit(browser: httpx2.Client, page: httpx2.Response, **values: str) -> httpx2.Response:
    """Send the page's form that asks for these fields, with its hidden ones."""
    wanted = next(iter(values))
    forms = re.findall(r"<form\b.*?</form>", page.text, re.S)
    form = next((form for form in forms if f'name="{wanted}"' in form), None)
    if form is None:
        raise StageError(f"The page at {page.url.path} has no form with {wanted!r}.")
    action = re.search(r'<form\b[^>]*action="([^"]*)"', form)
    hidden = re.findall(r'<input\b[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form)
    url = page.url.join(unescape(action[1])) if action else page.url
    fields = {unescape(name): unescape(value) for name, value in hidden}
    headers = {"Origin": f"{url.scheme}://{url.netloc.decode()}"}
    return browser.post(url, data=fields | values, headers=headers)
