"""A message as a person sees it, with everything it has ever said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.harness.discord.clock import iso
from tests.harness.discord.mentions import Mentions
from tests.harness.discord.message_fields import Flags
from tests.harness.discord.places import Channel, User

LINK = 5
NO_MENTIONS = Mentions()
NO_FLAGS = Flags(0)


@dataclass(frozen=True)
class File:
    """An attachment; its content is kept here and not served."""

    id: str
    filename: str
    content: bytes

    def json(self) -> dict[str, Any]:
        url = f"https://cdn.discordapp.com/attachments/{self.id}/{self.filename}"
        return {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.content),
            "url": url,
            "proxy_url": url,
        }


@dataclass(frozen=True)
class Revision:
    """What a message said from `at` (seconds since 1970) on. `mentions` is whom these words may call."""

    at: float
    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()
    components: tuple[dict[str, Any], ...] = ()
    files: tuple[File, ...] = ()
    mentions: Mentions = NO_MENTIONS


@dataclass(eq=False)
class Message:
    """`pinged` is who was really notified: by the first words, not by changes of them."""

    id: str
    channel: Channel
    author: User
    revisions: list[Revision]
    flags: Flags = NO_FLAGS
    only_for: User | None = None
    interaction: dict[str, Any] | None = None
    reference: str | None = None
    webhook_id: str | None = None
    nonce: str | int | None = None
    pinged: Mentions = NO_MENTIONS
    deleted: bool = False
    users: dict[str, User] = field(default_factory=dict, repr=False)

    @property
    def now(self) -> Revision:
        return self.revisions[-1]

    @property
    def content(self) -> str:
        return self.now.content

    @property
    def embeds(self) -> tuple[dict[str, Any], ...]:
        return self.now.embeds

    @property
    def files(self) -> tuple[File, ...]:
        return self.now.files

    @property
    def edits(self) -> list[Revision]:
        """What it said later, oldest first."""
        return self.revisions[1:]

    @property
    def ephemeral(self) -> bool:
        return Flags.EPHEMERAL in self.flags

    @property
    def thinking(self) -> bool:
        """The bot has said that an answer will come."""
        return Flags.LOADING in self.flags

    @property
    def text(self) -> str:
        """Every word a person can read, top to bottom, without the buttons."""
        return "\n".join(part for part in (self.content, *map(_words, self.embeds)) if part)

    @property
    def buttons(self) -> list[str]:
        return [label(each) for each in self.pressables() if each["type"] == 2]

    def pressables(self) -> Iterator[dict[str, Any]]:
        """Buttons and menus as they were sent, in order."""
        for row in self.now.components:
            yield from row["components"]

    def button(self, named: str) -> dict[str, Any]:
        found = [each for each in self.pressables() if each["type"] == 2 and label(each) == named]
        assert found, f"no button {named!r} here, only {self.buttons}"
        return found[0]

    def link(self, named: str) -> str:
        """Where this button leads."""
        button = self.button(named)
        assert button["style"] == LINK, f"{named!r} is not a link"
        return str(button["url"])

    def json(self) -> dict[str, Any]:
        """The message as the bot, its author, gets it. Words of others are blank without their intent."""
        now, edited = self.now, len(self.revisions) > 1
        body = {
            "id": self.id,
            "type": 20 if self.interaction else (19 if self.reference else 0),
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": now.content,
            "embeds": list(now.embeds),
            "components": list(now.components),
            "attachments": [file.json() for file in now.files],
            "mentions": [self.users[each].json() for each in now.mentions.users if each in self.users],
            "mention_roles": list(now.mentions.roles),
            "mention_everyone": now.mentions.everyone,
            "timestamp": iso(self.revisions[0].at),
            "edited_timestamp": iso(now.at) if edited else None,
            "flags": int(self.flags),
            "pinned": False,
            "tts": False,
        }
        optional = {
            "nonce": self.nonce,
            "interaction_metadata": self.interaction,
            "webhook_id": self.webhook_id,
        }
        if self.webhook_id:
            optional["application_id"] = self.webhook_id
        if self.reference:
            optional["message_reference"] = {"message_id": self.reference, "channel_id": self.channel.id}
        return body | {name: value for name, value in optional.items() if value is not None}


def label(component: dict[str, Any]) -> str:
    """What stands on it."""
    emoji = component.get("emoji") or {}
    return component.get("label") or component.get("placeholder") or emoji.get("name") or ""


def _words(embed: dict[str, Any]) -> str:
    parts = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    parts += [text for each in embed.get("fields", []) for text in (each["name"], each["value"])]
    parts.append((embed.get("footer") or {}).get("text"))
    return "\n".join(part for part in parts if part)
