"""Who a text pings: what it names, as far as `allowed_mentions` lets it.

https://docs.discord.com/developers/resources/message#allowed-mentions-object
"""

import re
from dataclasses import dataclass

from tests.harness.discord.message_fields import AllowedMentions

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True)
class Mentions:
    """Ids of users and roles, and whether everyone was called."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


def mentions_of(
    content: str, allowed: AllowedMentions | None, *, usual: tuple[str, ...], may_call_everyone: bool
) -> Mentions:
    """`usual` is what is parsed when nothing was said about it."""
    parse = usual if allowed is None else tuple(allowed.parse or ())
    users, roles = USER.findall(content), ROLE.findall(content)
    named_users = (allowed.users if allowed else None) or []
    named_roles = (allowed.roles if allowed else None) or []
    return Mentions(
        users=tuple(dict.fromkeys(each for each in users if "users" in parse or each in named_users)),
        roles=tuple(dict.fromkeys(each for each in roles if "roles" in parse or each in named_roles)),
        everyone="everyone" in parse and may_call_everyone and bool(EVERYONE.search(content)),
    )
