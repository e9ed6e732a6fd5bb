"""Read and write comments of a model repo's discussions."""

import itertools
import warnings
from dataclasses import dataclass

from huggingface_hub import DiscussionComment

from bot.hub.client import HubClient, hub_trouble


@dataclass(frozen=True)
class Comment:
    """A comment as the Hub has it now. `edited` says that it is not what was first posted."""

    id: str
    author: str
    text: str
    edited: bool
    hidden: bool
    edited_by: str = ""
    """Name of whoever changed it last."""
    posted_at: float = 0.0
    """Seconds since the epoch."""
    author_id: str | None = None
    """The Hub's id of its author, where the Hub said it."""


class Discussions:
    def __init__(self, client: HubClient) -> None:
        self._client = client

    def comments(self, repo: str, num: int) -> list[Comment]:
        """All comments of a discussion, oldest first."""
        with hub_trouble():
            details = self._client.api.get_discussion_details(repo, num)
        return [_comment(event) for event in details.events if isinstance(event, DiscussionComment)]

    def begun_since(self, repo: str, moment: float, most: int) -> list[int]:
        """Numbers of the open discussions that were begun since then; the newest come first."""
        with hub_trouble():
            opened = self._client.api.get_repo_discussions(repo, discussion_status="open")
            newest = itertools.islice(opened, most)
            return [each.num for each in newest if each.created_at.timestamp() >= moment]

    def post(self, repo: str, num: int, text: str) -> str:
        """Post a comment; returns its id."""
        with hub_trouble():
            return self._client.api.comment_discussion(repo, num, text).id

    def edit(self, repo: str, num: int, comment_id: str, text: str) -> None:
        with hub_trouble():
            self._client.api.edit_discussion_comment(repo, num, comment_id, text)

    def hide(self, repo: str, num: int, comment_id: str) -> None:
        """The Hub keeps an empty place; a comment can't be deleted."""
        with hub_trouble(), warnings.catch_warnings(action="ignore"):  # that it can't be undone
            self._client.api.hide_discussion_comment(repo, num, comment_id)


def _comment(event: DiscussionComment) -> Comment:
    return Comment(
        id=event.id,
        author=event.author,
        text=event.content,
        edited=event.edited or event.number_of_edits > 0,
        hidden=event.hidden,
        edited_by=event.last_edited_by,
        posted_at=event.created_at.timestamp(),
        author_id=event._event.get("author", {}).get("_id"),
    )
