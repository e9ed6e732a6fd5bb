"""A thread that is a discussion on a model repo."""

from bot.domain.errors import HubError
from bot.domain.models import DiscussionRef
from bot.domain.redact import redacted
from bot.hub.discussions import Discussions


class DiscussionThread:
    def __init__(self, discussions: Discussions, ref: DiscussionRef, bot_name: str) -> None:
        self._discussions = discussions
        self._ref = ref
        self._bot_name = bot_name

    def find(self, marker: str, but: str | None = None) -> str | None:
        comments = self._discussions.comments(self._ref.repo, self._ref.num)
        ours = [comment for comment in comments if comment.author == self._bot_name and not comment.hidden]
        found = (comment.id for comment in ours if marker in comment.text and comment.id != but)
        return next(found, None)

    def post(self, text: str) -> str:
        return self._discussions.post(self._ref.repo, self._ref.num, redacted(text))

    def remove(self, message_id: str) -> None:
        self._discussions.hide(self._ref.repo, self._ref.num, message_id)

    def edit(self, message_id: str, text: str) -> bool:
        try:
            self._discussions.edit(self._ref.repo, self._ref.num, message_id, redacted(text))
        except HubError as error:
            if error.status in {403, 404}:
                return False
            raise
        return True
