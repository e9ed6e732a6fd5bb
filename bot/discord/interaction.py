"""An interaction as both entrances bring it: who used what, where, and whether we may write there."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import discord
from pydantic import Field

from bot.domain.events import SNOWFLAKE
from bot.domain.models import Frozen

MAY_POST = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)


class Kind(IntEnum):
    """Discord's numbers."""

    PING = 1
    COMMAND = 2
    BUTTON = 3
    TYPING = 4


class Interaction(Frozen):
    id: str = Field(pattern=SNOWFLAKE)
    kind: Kind
    token: str
    user_id: str = Field(pattern=SNOWFLAKE)
    user_name: str
    guild_id: str | None = Field(None, pattern=SNOWFLAKE)
    channel_id: str = Field(pattern=SNOWFLAKE)
    may_post: bool
    """Whether we are a member of this guild and may write in this channel."""
    data: dict[str, Any]


def from_gateway(heard: discord.Interaction) -> Interaction:
    return Interaction(
        id=str(heard.id),
        kind=Kind(heard.type.value),
        token=heard.token,
        user_id=str(heard.user.id),
        user_name=heard.user.name,
        guild_id=str(heard.guild_id) if heard.guild_id else None,
        channel_id=str(heard.channel_id),
        may_post=heard.is_guild_integration() and heard.app_permissions >= MAY_POST,
        data=dict(heard.data or {}),
    )


def from_payload(payload: Mapping[str, Any]) -> Interaction:
    """Out of a webhook's JSON. Raises ValueError, KeyError or TypeError if it is no interaction of ours."""
    user = payload["member"]["user"] if "member" in payload else payload["user"]
    owners = payload.get("authorizing_integration_owners", {})
    guild = payload.get("guild_id")
    permissions = discord.Permissions(int(payload.get("app_permissions", "0")))
    return Interaction(
        id=payload["id"],
        kind=Kind(payload["type"]),
        token=payload["token"],
        user_id=user["id"],
        user_name=user["username"],
        guild_id=guild,
        channel_id=payload["channel_id"],
        may_post=guild is not None and "0" in owners and permissions >= MAY_POST,
        data=payload.get("data", {}),
    )
