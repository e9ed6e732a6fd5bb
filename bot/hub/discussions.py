"""Read and write comments of a model repo's discussions."""

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


class Discussions:
    def __init__(self, client: HubClient) -> None:
        self._client = client

    def comments(self, repo: str, num: int) -> list[Comment]:
        """All comments of a discussion, oldest first."""
        with hub_trouble():
            details = self._client.api.get_discussion_details(repo, num)
        return [_comment(event) for event in details.events if isinstance(event, DiscussionComment)]

    def post(self, repo: str, num: int, text: str) -> str:
        """Post a comment; returns its id."""
        with hub_trouble():
            return self._client.api.comment_discussion(repo, num, text).id

    def edit(self, repo: str, num: int, comment_id: str, text: str) -> None:
        with hub_trouble():
            self._client.api.edit_discussion_comment(repo, num, comment_id, text)


def _comment(event: DiscussionComment) -> Comment:
    return Comment(
        id=event.id,
        author=event.author,
        text=event.content,
        edited=event.edited or event.number_of_edits > 0,
        hidden=event.hidden,
        edited_by=event.last_edited_by,
    )
