"""The permissions a bot needs in a channel, and what is refused without them."""

from enum import IntFlag

from tests.harness.discord.errors import refuse


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    USE_APPLICATION_COMMANDS = 1 << 31
    USE_EXTERNAL_APPS = 1 << 50


P = Permission
USUAL = (
    P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY
    | P.USE_EXTERNAL_EMOJIS | P.USE_APPLICATION_COMMANDS | P.USE_EXTERNAL_APPS
)  # fmt: skip
"""Of a person, and of a bot that was added with what it asks for: everything but power over others."""
ALL = Permission((1 << 51) - 1)
OF_A_VISITOR = P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE
"""What an app may do where only its user has installed it."""


def check(has: Permission, *, needs: Permission) -> None:
    """50001 where the channel can't even be seen, 50013 where something else is missing."""
    if P.VIEW_CHANNEL not in has:
        raise refuse(50001)
    if needs not in has:
        raise refuse(50013)
