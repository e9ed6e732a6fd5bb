"""What a delivery means."""

from dataclasses import dataclass

from pydantic import Field

from bot.domain.models import Frozen

REPO_ID = r"^[\w.-]{1,96}/[\w.-]{1,96}$"
HEX_ID = r"^[0-9a-f]{24}$"


class CommentPosted(Frozen):
    """Someone posted a comment that mentions us. Ids only: the text is read again from the Hub."""

    repo: str = Field(pattern=REPO_ID)
    num: int = Field(ge=1)
    comment_id: str = Field(pattern=HEX_ID)
    author_id: str = Field(pattern=HEX_ID)

    @property
    def key(self) -> str:
        """The delivery's key: the Hub sends none, retries and replays."""
        return f"comment:{self.comment_id}"


@dataclass(frozen=True)
class Ignored:
    """A delivery that asks nothing of us, and why."""

    reason: str


Event = CommentPosted
