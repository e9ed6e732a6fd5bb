"""Channels and their messages, with the bot's token."""

from __future__ import annotations

from aiohttp import web

from tests.harness.discord.answers import said
from tests.harness.discord.bodies import message_body, query
from tests.harness.discord.errors import invalid, refuse
from tests.harness.discord.fields import read
from tests.harness.discord.message_fields import (
    FLAGS_OF_A_MESSAGE,
    ChangedMessage,
    Flags,
    MessageFields,
    NewMessage,
    check,
    check_not_empty,
)
from tests.harness.discord.messages import Message
from tests.harness.discord.permissions import Permission
from tests.harness.discord.permissions import check as check_permission
from tests.harness.discord.places import DIRECT, Channel
from tests.harness.discord.state import State
from tests.harness.discord.writing import OF_A_MESSAGE, OF_AN_ANSWER, Writer, change, delete, show, write


class ChannelRoutes:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        channel = "/api/v10/channels/{channel_id}"
        return [
            web.get(channel, self.channel),
            web.get(f"{channel}/messages", self.page),
            web.post(f"{channel}/messages", self.create),
            web.post(f"{channel}/typing", self.type),
            web.get(f"{channel}/messages/{{message_id}}", self.get),
            web.patch(f"{channel}/messages/{{message_id}}", self.edit),
            web.delete(f"{channel}/messages/{{message_id}}", self.delete),
        ]

    async def channel(self, request: web.Request) -> web.Response:
        return said(self._channel(request).json())

    async def page(self, request: web.Request) -> web.Response:
        """Newest first, up to `limit`; at most one of before, after and around."""
        asked = query(request, "limit", "before", "after", "around")
        channel = self._channel(request, Permission.READ_MESSAGE_HISTORY)
        limit = asked.get("limit", "50")
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise invalid(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        if "around" in asked or {"before", "after"} <= set(asked):
            raise invalid(("before",), "BASE_TYPE_CHOICES", "The stand-in takes before or after")
        after, before = int(asked.get("after", 0)), int(asked.get("before", 2**63))
        there = [each for each in self._public(channel) if after < int(each.id) < before]
        found = there[: int(limit)] if "after" in asked else there[-int(limit) :]
        return said([message.json() for message in reversed(found)])

    async def create(self, request: web.Request) -> web.Response:
        channel = self._channel(request, Permission.SEND_MESSAGES)
        body, uploads = await message_body(request)
        fields = read(NewMessage, body)
        check(fields, FLAGS_OF_A_MESSAGE)
        check_not_empty(fields, len(uploads))
        self._check_reach(channel)
        self._check_content(channel, fields, files=len(uploads))
        repeated = self._repeated(channel, fields)
        if repeated:
            return said(repeated.json())
        message = write(self.state, channel, self._writer(channel, OF_A_MESSAGE), fields, uploads)
        if fields.message_reference:
            message.reference = self._message(channel, fields.message_reference.message_id).id
        return said(show(self.state, message).json())

    async def type(self, request: web.Request) -> web.Response:
        self._channel(request, Permission.SEND_MESSAGES)
        return web.Response(status=204)

    async def get(self, request: web.Request) -> web.Response:
        channel = self._channel(request, Permission.READ_MESSAGE_HISTORY)
        return said(self._message(channel, request.match_info["message_id"]).json())

    async def edit(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        message = self._message(channel, request.match_info["message_id"])
        if message.author != self.state.bot:
            raise refuse(50005)
        body, uploads = await message_body(request)
        fields = read(ChangedMessage, body)
        check(fields, Flags.SUPPRESS_EMBEDS)
        self._check_content(channel, fields, files=len(uploads))
        usual = OF_AN_ANSWER if message.interaction else OF_A_MESSAGE
        change(self.state, message, self._writer(channel, usual), fields, uploads)
        return said(message.json())

    async def delete(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        message = self._message(channel, request.match_info["message_id"])
        if message.author != self.state.bot:
            check_permission(channel.bot_may, needs=Permission.MANAGE_MESSAGES)
        delete(self.state, message)
        return web.Response(status=204)

    def _channel(self, request: web.Request, needs: Permission = Permission.VIEW_CHANNEL) -> Channel:
        """The channel, if the bot may do this in it."""
        channel_id = request.match_info["channel_id"]
        if not channel_id.isdigit():
            raise invalid(("channel_id",), "NUMBER_TYPE_COERCE", f'Value "{channel_id}" is not snowflake.')
        channel = self.state.channel(channel_id)
        check_permission(channel.bot_may, needs=needs)
        return channel

    def _message(self, channel: Channel, message_id: str) -> Message:
        """Ephemeral messages don't exist for anybody but their person."""
        message = channel.messages.get(message_id)
        if message is None or message.deleted or message.only_for:
            raise refuse(10008)
        return message

    def _public(self, channel: Channel) -> list[Message]:
        return [each for each in channel.messages.values() if not each.deleted and each.only_for is None]

    def _check_reach(self, channel: Channel) -> None:
        """A DM reaches only who shares a guild with the bot or has installed it, and wants to be reached."""
        if channel.type != DIRECT:
            return
        user = channel.recipients[0]
        guilds = [guild for guild in self.state.guilds.values() if guild.bot_is_member]
        knows = user.id in self.state.installed_by or any(user in guild.members for guild in guilds)
        if not knows or user.id in self.state.closed_to_bot:
            raise refuse(50007)

    def _check_content(self, channel: Channel, fields: MessageFields, *, files: int) -> None:
        if fields.embeds:
            check_permission(channel.bot_may, needs=Permission.EMBED_LINKS)
        if files:
            check_permission(channel.bot_may, needs=Permission.ATTACH_FILES)

    def _repeated(self, channel: Channel, fields: NewMessage) -> Message | None:
        """With `enforce_nonce`, the same message of the last minutes instead of a second one."""
        if not fields.enforce_nonce or fields.nonce is None:
            return None
        recent = [each for each in self._public(channel) if each.nonce == fields.nonce]
        return recent[-1] if recent else None

    def _writer(self, channel: Channel, usual: tuple[str, ...]) -> Writer:
        return Writer(self.state.bot, usual, channel.bot_may)
