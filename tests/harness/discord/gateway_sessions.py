"""A session of the gateway outlives its socket: what happens meanwhile waits in it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any


class Intents(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES | Intents.MESSAGE_CONTENT
KNOWN = (1 << 26) - 1
MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE")


@dataclass(eq=False)
class Session:
    """`events` are all that were dispatched; the sequence number of one is its place, counted from one."""

    intents: Intents
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    valid: bool = True

    def wants(self, event: str, guild_id: str | None) -> bool:
        """Whether this shard is responsible and the intents ask for it. Interactions need no intent."""
        if (int(guild_id) >> 22) % self.shard[1] != self.shard[0] if guild_id else self.shard[0] != 0:
            return False
        if event in MESSAGES:
            return (Intents.GUILD_MESSAGES if guild_id else Intents.DIRECT_MESSAGES) in self.intents
        return not event.startswith(("GUILD_", "CHANNEL_")) or Intents.GUILDS in self.intents

    def add(self, event: str, data: dict[str, Any]) -> None:
        self.events.append({"op": 0, "t": event, "s": len(self.events) + 1, "d": data})
        self.news.set()
