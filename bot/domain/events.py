"""What a delivery means."""

from dataclasses import dataclass

from pydantic import Field, TypeAdapter

from bot.domain.models import Frozen

REPO_ID = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}$"
HEX_ID = r"^[0-9a-f]{24}$"
REQUEST_ID = r"^q_[0-9a-f]{24}$"
SNOWFLAKE = r"^[0-9]{1,20}$"


class CommentPosted(Frozen):
    """Someone posted a comment that mentions us. Ids only: the text is read again from the Hub."""

    repo: str = Field(pattern=REPO_ID)
    num: int = Field(ge=1)
    comment_id: str = Field(pattern=HEX_ID)
    author_id: str = Field(pattern=HEX_ID)
    is_edit: bool = False
    """Whether it was changed by somebody, and not just posted: then nothing of it runs."""
    again: int = 0
    """How often it has waited for its author to allow more."""
    number: int = 0
    """Which of its commands waited."""

    @property
    def key(self) -> str:
        """The delivery's key: the Hub sends none, retries and replays."""
        resumed = f":{self.number}:again{self.again}" if self.again else ""
        return f"comment:{self.comment_id}{':edit' if self.is_edit else ''}{resumed}"


class InteractionAsked(Frozen):
    """Someone used a command or a button on Discord. `answer` is the interaction's token, sealed."""

    interaction_id: str = Field(pattern=SNOWFLAKE)
    user_id: str = Field(pattern=SNOWFLAKE)
    user_name: str
    guild_id: str | None = Field(pattern=SNOWFLAKE)
    channel_id: str = Field(pattern=SNOWFLAKE)
    words: tuple[str, ...]
    """A verb and its arguments, as in a comment."""
    is_public: bool
    """Whether a run may be spoken of in that channel."""
    is_ephemeral: bool
    """Whether the first answer is for this person's eyes only."""
    answer: str | None
    is_resumed: bool = False
    """Whether it waited until this person had linked their accounts."""
    again: int = 0
    """How often it has waited for this person to allow more."""

    @property
    def key(self) -> str:
        resumed = f":again{self.again}" if self.again else ""
        return f"interaction:{self.interaction_id}{':linked' if self.is_resumed else ''}{resumed}"


class ApiAsked(Frozen):
    """Someone's script asked over the API. Who it is was proven when it asked."""

    user_id: str = Field(pattern=HEX_ID)
    user_name: str
    request_id: str = Field(pattern=REQUEST_ID)
    words: tuple[str, ...]
    """A verb and its arguments, as in a comment."""
    again: int = 0
    """How often it has waited for this person to allow more."""

    @property
    def key(self) -> str:
        """Under its author's id: nobody's request is known again as somebody else's."""
        resumed = f":again{self.again}" if self.again else ""
        return f"api:{self.user_id}:{self.request_id}{resumed}"


class ModelChanged(Frozen):
    """Something happened to a model that this person watches. A hint only: how it is now is looked up."""

    watcher_id: str = Field(pattern=HEX_ID)
    repo: str = Field(pattern=REPO_ID)
    repo_id: str = Field(pattern=HEX_ID)
    what: str = Field(pattern=r"^[0-9a-f]{32}$")
    """A digest of what happened, by which the same delivery is known again."""

    @property
    def key(self) -> str:
        return f"change:{self.watcher_id}:{self.repo_id}:{self.what}"


@dataclass(frozen=True)
class Ignored:
    """A delivery that asks nothing of us, and why."""

    reason: str


Event = CommentPosted | InteractionAsked | ApiAsked | ModelChanged
read_event = TypeAdapter[Event](Event).validate_python
"""An event out of what was kept of it."""
