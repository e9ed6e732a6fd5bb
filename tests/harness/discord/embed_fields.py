"""Embeds: https://docs.discord.com/developers/resources/message#embed-object-embed-limits."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from tests.harness.discord.fields import Anything, Fields, Url, wrong


def _a_time(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise wrong("DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.") from None
    return value


class Footer(Fields):
    text: Annotated[str, Field(min_length=1, max_length=2048)]
    icon_url: Url | None = None
    proxy_icon_url: Anything = None


class Author(Fields):
    name: Annotated[str, Field(min_length=1, max_length=256)]
    url: Url | None = None
    icon_url: Url | None = None
    proxy_icon_url: Anything = None


class Picture(Fields):
    url: Url
    proxy_url: Anything = None
    width: Anything = None
    height: Anything = None


class EmbedField(Fields):
    name: Annotated[str, Field(min_length=1, max_length=256)]
    value: Annotated[str, Field(min_length=1, max_length=1024)]
    inline: bool = False


class Embed(Fields):
    type: Anything = "rich"
    title: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=4096)] | None = None
    url: Url | None = None
    timestamp: Annotated[str, AfterValidator(_a_time)] | None = None
    color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    footer: Footer | None = None
    image: Picture | None = None
    thumbnail: Picture | None = None
    author: Author | None = None
    fields: Annotated[list[EmbedField], Field(max_length=25, default_factory=list)]
    flags: Anything = None

    def characters(self) -> int:
        """What counts towards the 6000 of all embeds of a message."""
        footer, author = self.footer and self.footer.text, self.author and self.author.name
        parts = [self.title, self.description, footer, author]
        parts += [text for field in self.fields for text in (field.name, field.value)]
        return sum(len(part.strip()) for part in parts if part)


def _together(embeds: list[Embed] | None) -> list[Embed] | None:
    if sum(embed.characters() for embed in embeds or []) > 6000:
        raise wrong("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return embeds


Embeds = Annotated[list[Embed], Field(max_length=10), AfterValidator(_together)]
