"""What the application is told when somebody asks it something: the interaction's document."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from tests.harness.discord.callback_fields import Asked
from tests.harness.discord.choosing import context_of, owners_of
from tests.harness.discord.interactions import Interaction
from tests.harness.discord.places import Channel, Guild, User

if TYPE_CHECKING:
    from tests.harness.discord.messages import Message
    from tests.harness.discord.people import Person
    from tests.harness.discord.state import State

OF_CHANNEL = (
    "id", "name", "type", "last_message_id", "nsfw", "parent_id", "guild_id", "flags", "rate_limit_per_user",
    "topic", "position", "recipients",
)  # fmt: skip


def ask(
    state: State,
    person: Person,
    channel: Channel,
    asked: Asked,
    data: dict[str, Any],
    *,
    command: str = "",
    source: Message | None = None,
) -> Interaction:
    """Make the interaction and send it to the application."""
    interaction = Interaction(
        id=state.clock.snowflake(),
        token=secrets.token_urlsafe(96),
        asked=asked,
        user=person.user,
        channel=channel,
        owners=_owners(state, person.user, channel, source),
        asked_at=state.clock.now(),
        command=command,
        source=source,
        said_before=len(source.revisions) if source else 0,
    )
    interaction.payload = _document(state, interaction, person.locale, data)
    state.interactions[interaction.token] = interaction
    state.deliver(interaction)
    return interaction


def _owners(state: State, user: User, channel: Channel, source: Message | None) -> dict[str, str]:
    """Of a button: those of the interaction its message came from."""
    if source and source.interaction:
        owners: dict[str, str] = source.interaction["authorizing_integration_owners"]
        return owners
    return owners_of(state, user, channel)


def _document(state: State, interaction: Interaction, locale: str, data: dict[str, Any]) -> dict[str, Any]:
    channel, user = interaction.channel, interaction.user
    document = {
        "id": interaction.id,
        "application_id": state.application_id,
        "type": int(interaction.asked),
        "token": interaction.token,
        "version": 1,
        "locale": locale,
        "channel_id": channel.id,
        "channel": _channel(channel, user),
        "context": context_of(channel),
        "authorizing_integration_owners": interaction.owners,
        "app_permissions": str(int(channel.app_permissions)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10 * 2**20,
        "data": data,
    }
    if channel.guild:
        guild = channel.guild
        document["guild_id"], document["guild_locale"] = guild.id, guild.locale
        document["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
        permissions = {"permissions": str(int(guild.permissions(user)))}
        document["member"] = guild.member_json(user) | permissions
    else:
        document["user"] = user.json()
    if interaction.source:
        document["message"] = interaction.source.json()
    return document


def _channel(channel: Channel, user: User) -> dict[str, Any]:
    partial = {name: value for name, value in channel.json().items() if name in OF_CHANNEL}
    permissions = channel.guild.permissions(user) if channel.guild else channel.app_permissions
    return partial | {"permissions": str(int(permissions))}


def resolved(values: list[User | Channel], asker: User, here: Channel) -> dict[str, Any]:
    """The users, members and channels that were named in options."""
    users = [each for each in values if isinstance(each, User)]
    guild = here.guild
    members = [each for each in users if guild and each in guild.members]
    found = {
        "users": {each.id: each.json() for each in users},
        "members": {each.id: _member(guild, each) for each in members if guild},
        "channels": {each.id: _channel(each, asker) for each in values if isinstance(each, Channel)},
    }
    named = {name: value for name, value in found.items() if value}
    return {"resolved": named} if named else {}


def _member(guild: Guild, user: User) -> dict[str, Any]:
    """Beside its user, so without it."""
    document = guild.member_json(user) | {"permissions": str(int(guild.permissions(user)))}
    return {name: value for name, value in document.items() if name not in {"user", "deaf", "mute"}}
