"""Persons who sign in, open discussions and write comments, and the threads they wait in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import DiscussionComment

from bot.domain.models import DiscussionRef, Run, RunState
from tests.harness.browser import Browser
from tests.harness.waiting import wait_until

if TYPE_CHECKING:
    from tests.harness.world import World


class Person:
    """Somebody with an account on the Hub, a browser, and nothing else."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.id = world.hub.user_id(name)
        self.api = world.hub.api(name)
        self.browser = Browser()

    def signs_in(self, page: str = "/") -> Person:
        """The whole OAuth round trip in a browser."""
        answer = self.follows(f"{self.world.url}/connect?next={page}")
        assert answer.status_code == 200, answer.text
        assert str(answer.url).startswith(self.world.url), answer.url
        return self

    def follows(self, link: str) -> httpx2.Response:
        return allows(self.browser, link, self.name)

    def opens_discussion(self, model: str, text: str, title: str = "A Space, please") -> Thread:
        created = self.api.create_discussion(model, title, description=text)
        thread = Thread(self.world, model, created.num)
        self.world.threads.append(thread)
        return thread

    def says(self, thread: Thread, text: str) -> str:
        """Write a comment; returns its id."""
        return self.api.comment_discussion(thread.repo, thread.num, text).id

    def edits(self, thread: Thread, comment_id: str, text: str) -> None:
        self.api.edit_discussion_comment(thread.repo, thread.num, comment_id, text)


@dataclass
class Thread:
    """A discussion, as everyone sees it."""

    world: World
    repo: str
    num: int
    read: set[str] = field(default_factory=set)

    def comments(self) -> list[DiscussionComment]:
        details = self.world.hub.api("space-factory").get_discussion_details(self.repo, self.num)
        return [event for event in details.events if isinstance(event, DiscussionComment)]

    def replies(self) -> list[DiscussionComment]:
        """What the bot has said here, oldest first."""
        return [comment for comment in self.comments() if comment.author == "space-factory"]

    def next_reply(self, seconds: float = 60) -> str:
        """The next message of the bot that was not read yet, with its changing parts named."""

        def unread() -> DiscussionComment | None:
            return next((reply for reply in self.replies() if reply.id not in self.read), None)

        reply = wait_until(unread, f"a reply in {self.repo}#{self.num}", seconds)
        self.read.add(reply.id)
        return self.world.plain(reply.content)

    def run(self) -> Run:
        """The newest run of this thread."""

        def found() -> Run | None:
            here = DiscussionRef(repo=self.repo, num=self.num)
            return next((run for run in self.world.runs() if run.thread == here), None)

        return wait_until(found, f"a run in {self.repo}#{self.num}")

    def run_reaches(self, state: RunState, seconds: float = 120) -> Run:
        def reached() -> Run | None:
            run = self.run()
            return run if run.state is state else None

        return wait_until(reached, f"state {state} (it is {self.run().state})", seconds)

    def run_ends(self, seconds: float = 180) -> Run:
        """The run when there is nothing left to do or to say."""

        def settled() -> Run | None:
            run = self.run()
            return run if run.is_settled else None

        return wait_until(settled, f"the end of {self.run().id}", seconds)


def allows(browser: Browser, link: str, name: str) -> httpx2.Response:
    """A link to sign in, its button, and what Hugging Face asks; the page where that ends."""
    answer = browser.open(link)
    if "Go on to Hugging Face" in answer.text:
        answer = browser.submit("Go on to Hugging Face")
    if answer.url.path == "/login":
        answer = browser.submit("username", username=name)
    if answer.url.path == "/oauth/authorize":
        answer = browser.submit("decision", decision="allow")
    return answer


def without_ids(text: str) -> str:
    """Ids as words, so that a reply can be compared with what it should be."""
    text = re.sub(r"\br_[0-9a-f]{16}\b", "RUN", text)
    text = re.sub(r"\bd_[0-9a-f]{12}\b", "DECISION", text)
    text = re.sub(r"/c/[\w-]{22}", "/c/CODE", text)
    return re.sub(r"`[0-9a-f]{7}`", "`VERSION`", text)
