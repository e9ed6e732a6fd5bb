"""Bodies that make or change a message, and the rules that look at more than one of their fields."""

from enum import IntFlag
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tests.harness.discord.component_fields import Components
from tests.harness.discord.embed_fields import Embeds
from tests.harness.discord.errors import invalid, not_built, refuse
from tests.harness.discord.fields import Anything, Fields, Snowflake, wrong


class Flags(IntFlag):
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


class AllowedMentions(Fields):
    parse: list[Literal["users", "roles", "everyone"]] | None = None
    users: Annotated[list[Snowflake], Field(max_length=100)] | None = None
    roles: Annotated[list[Snowflake], Field(max_length=100)] | None = None
    replied_user: bool = False

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> "AllowedMentions":
        for kind in ("users", "roles"):
            if kind in (self.parse or []) and getattr(self, kind):
                message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
                raise wrong("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        return self


class AttachmentFields(Fields):
    id: Snowflake
    filename: Annotated[str, Field(max_length=1024)] | None = None
    description: Annotated[str, Field(max_length=1024)] | None = None
    title: str | None = None
    is_spoiler: bool = False


class Reference(Fields):
    message_id: Snowflake
    channel_id: Snowflake | None = None
    guild_id: Snowflake | None = None
    type: Literal[0] = 0
    fail_if_not_exists: bool = True


class MessageFields(Fields):
    """What a new message and a change of one share. A field that was not sent stays as it is."""

    content: Annotated[str, Field(max_length=2000)] | None = None
    embeds: Embeds | None = None
    components: Components | None = None
    allowed_mentions: AllowedMentions | None = None
    attachments: Annotated[list[AttachmentFields], Field(max_length=10)] | None = None
    flags: int | None = None

    def sent(self, field: str) -> bool:
        return field in self.model_fields_set


class NewMessage(MessageFields):
    tts: bool = False
    nonce: str | int | None = None
    enforce_nonce: bool = False
    message_reference: Reference | None = None
    sticker_ids: Anything = None
    poll: Anything = None


class NewInteractionMessage(MessageFields):
    tts: bool = False
    poll: Anything = None


class ChangedMessage(MessageFields):
    tts: bool = False


FLAGS_OF_A_MESSAGE = Flags.SUPPRESS_EMBEDS | Flags.SUPPRESS_NOTIFICATIONS
FLAGS_OF_AN_ANSWER = FLAGS_OF_A_MESSAGE | Flags.EPHEMERAL


def check(message: MessageFields, allowed: Flags, at: tuple[str, ...] = ()) -> None:
    """Refuse what the stand-in lacks, and flags that may not be set here."""
    flags = Flags(message.flags or 0)
    if flags & Flags.IS_COMPONENTS_V2:
        raise not_built("components v2")
    for field in ("sticker_ids", "poll"):
        if getattr(message, field, None):
            raise not_built(field)
    if flags & ~allowed:
        raise invalid(
            (*at, "flags"), "BASE_TYPE_CHOICES", f"These flags can't be set here: {flags & ~allowed!r}"
        )


def check_not_empty(message: MessageFields, files: int = 0) -> None:
    if not (message.content or "").strip() and not message.embeds and not message.components and not files:
        raise refuse(50006)
