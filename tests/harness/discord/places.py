"""Guilds and channels, and the users in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.harness.discord.permissions import ALL, OF_A_VISITOR, USUAL, Permission

if TYPE_CHECKING:
    from tests.harness.discord.messages import Message

TEXT, DIRECT, GROUP = 0, 1, 3
"""Types of channels."""


@dataclass(frozen=True)
class User:
    """Somebody with an account, or the bot. `name` is unique; the nickname is anybody's words."""

    id: str
    name: str
    nickname: str
    bot: bool = False

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.name,
            "global_name": None if self.bot else self.nickname,
            "discriminator": "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "bot": self.bot,
            "public_flags": 0,
            "clan": None,
            "primary_guild": None,
        }


@dataclass(eq=False)
class Guild:
    """A server, in the words of people. `bot_is_member` is false where only people have installed the app."""

    id: str
    name: str
    owner: User
    bot_is_member: bool
    locale: str = "en-US"
    members: list[User] = field(default_factory=list)
    admins: set[str] = field(default_factory=set)
    channels: list[Channel] = field(default_factory=list)
    joined_at: str = "2024-01-01T00:00:00.000000+00:00"

    def permissions(self, user: User) -> Permission:
        return ALL if user == self.owner or user.id in self.admins else USUAL

    def member_json(self, user: User) -> dict[str, Any]:
        return {
            "user": user.json(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [],
            "joined_at": self.joined_at,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }

    def json(self) -> dict[str, Any]:
        """The guild as REST gives it; the gateway adds its members and channels."""
        everyone = {"id": self.id, "name": "@everyone", "permissions": str(int(USUAL)), "position": 0}
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        more = {
            "color": 0,
            "colors": colors,
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        nothing = ("icon", "splash", "discovery_splash", "banner", "description", "vanity_url_code")
        no_channel = ("afk_channel_id", "system_channel_id", "rules_channel_id", "public_updates_channel_id")
        return {
            **dict.fromkeys((*nothing, *no_channel, "application_id"), None),
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "preferred_locale": self.locale,
            "roles": [everyone | more],
            "features": [],
            "emojis": [],
            "stickers": [],
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "system_channel_flags": 0,
        }


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a DM with the bot, or a group of people without it."""

    id: str
    name: str
    type: int
    guild: Guild | None = None
    recipients: list[User] = field(default_factory=list)
    bot_may: Permission = USUAL
    people_may: Permission = USUAL
    messages: dict[str, Message] = field(default_factory=dict)
    gone: bool = False

    @property
    def bot_is_here(self) -> bool:
        return self.guild.bot_is_member if self.guild else self.type == DIRECT

    @property
    def app_permissions(self) -> Permission:
        """What the app may do here when somebody asks it something."""
        if self.guild and self.bot_is_here:
            return self.bot_may
        return OF_A_VISITOR | (Permission.USE_EXTERNAL_EMOJIS if self.type == DIRECT else Permission(0))

    def takes_from_bot(self, permission: Permission) -> None:
        """From now on the bot may not do this here."""
        self.bot_may &= ~permission

    def gives_to_bot(self, permission: Permission) -> None:
        self.bot_may |= permission

    def people(self) -> list[User]:
        return self.guild.members if self.guild else self.recipients

    def seen_by(self, user: User) -> list[Message]:
        """What stands here for this person, oldest first."""
        there = [message for message in self.messages.values() if not message.deleted]
        return [message for message in there if message.only_for in {None, user}]

    def json(self) -> dict[str, Any]:
        common = {"id": self.id, "type": self.type, "last_message_id": next(reversed(self.messages), None)}
        if not self.guild:
            named = {"name": self.name, "owner_id": self.recipients[0].id, "icon": None}
            recipients = [user.json() for user in self.recipients]
            return common | {"recipients": recipients, "flags": 0} | (named if self.type == GROUP else {})
        return common | {
            "guild_id": self.guild.id,
            "name": self.name,
            "position": self.guild.channels.index(self),
            "permission_overwrites": self._overwrites(),
            "nsfw": False,
            "topic": None,
            "parent_id": None,
            "rate_limit_per_user": 0,
            "flags": 0,
        }

    def _overwrites(self) -> list[dict[str, Any]]:
        """What the bot may not do here, so that the client's own sums agree."""
        bots = [user for user in self.people() if user.bot]
        missing = USUAL & ~self.bot_may
        return [{"id": bot.id, "type": 1, "allow": "0", "deny": str(int(missing))} for bot in bots if missing]
