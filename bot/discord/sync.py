"""Tell Discord our commands, and only if it knows others: two hundred may be created in a day."""

import asyncio
import logging
from typing import Any

import discord

from bot.discord.tree import commands
from bot.log import fields
from bot.threads.discord_client import AWAY

log = logging.getLogger(__name__)

COMPARED = ("type", "name", "description", "options", "integration_types", "contexts")
FIRST_WAIT, LONGEST_WAIT = 2.0, 3600.0
_trying: set[asyncio.Task[None]] = set()


async def sync(client: discord.Client) -> None:
    """A refusal does not keep us from hearing: what Discord knows can be used, and we tell it again later."""
    try:
        await _tell(client)
    except discord.DiscordServerError:
        raise
    except discord.HTTPException as refused:
        log.warning("discord commands refused", extra=fields(status=refused.status, code=refused.code))
        again = asyncio.create_task(_tell_later(client))
        _trying.add(again)
        again.add_done_callback(_trying.discard)


async def _tell_later(client: discord.Client) -> None:
    wait = FIRST_WAIT
    while not client.is_closed():
        await asyncio.sleep(wait)
        try:
            await _tell(client)
        except (discord.HTTPException, *AWAY):
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            return


async def _tell(client: discord.Client) -> None:
    if await is_known(client):
        return
    await tell(client)
    log.info("discord commands synced", extra=fields(commands=len(commands())))


async def is_known(client: discord.Client) -> bool:
    """Whether Discord knows our commands as they are now."""
    assert client.application_id
    there = await client.http.get_global_commands(client.application_id)
    return _by_name(list(there)) == _by_name(commands())


async def tell(client: discord.Client) -> None:
    assert client.application_id
    await client.http.bulk_upsert_global_commands(client.application_id, commands())


def _by_name(known: list[Any]) -> dict[str, Any]:
    return {each["name"]: {name: _plain(each.get(name)) for name in COMPARED} for each in known}


def _plain(value: Any) -> Any:
    """Without what Discord adds or leaves out when nothing was said."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items() if each not in (None, False, [])}
        case list():
            return [_plain(each) for each in value]
        case _:
            return value or None
