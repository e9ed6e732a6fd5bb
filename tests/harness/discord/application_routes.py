"""The bot about itself and its way to the gateway, and people about whom it asks."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.harness.discord.answers import said
from tests.harness.discord.bodies import json_body
from tests.harness.discord.doors import Bearer, who_asks
from tests.harness.discord.errors import invalid, refuse
from tests.harness.discord.fields import Fields, Snowflake, Url, read
from tests.harness.discord.gateway_socket import Socket
from tests.harness.discord.places import GROUP
from tests.harness.discord.state import State


class Recipient(Fields):
    recipient_id: Snowflake


class ApplicationFields(Fields):
    """What of the application can be changed here."""

    interactions_endpoint_url: Url | None = None


class ApplicationRoutes:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v10/gateway", self.gateway),
            web.get("/api/v10/gateway/bot", self.gateway_of_bot),
            web.get("/gateway", self.socket),
            web.get("/api/v10/users/@me", self.me),
            web.get("/api/v10/users/@me/guilds", self.guilds),
            web.post("/api/v10/users/@me/channels", self.open_dm),
            web.get("/api/v10/users/{user_id}", self.user),
            web.get("/api/v10/applications/@me", self.application),
            web.patch("/api/v10/applications/@me", self.change_application),
            web.get("/api/v10/oauth2/applications/@me", self.application),
            web.get("/api/v10/guilds/{guild_id}", self.guild),
            web.get("/api/v10/guilds/{guild_id}/channels", self.guild_channels),
            web.get("/api/v10/guilds/{guild_id}/members/{user_id}", self.member),
        ]

    async def gateway(self, request: web.Request) -> web.Response:
        return said({"url": _gateway_url(request)})

    async def gateway_of_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return said({"url": _gateway_url(request), "shards": 1, "session_start_limit": limit})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        if self.state.gateway.refuses_sockets:
            raise web.HTTPServiceUnavailable
        return await Socket(self.state, request).serve()

    async def me(self, request: web.Request) -> web.Response:
        who = who_asks(self.state, request)
        if isinstance(who, Bearer):
            return said(who.token.user.json() | {"locale": "en-US", "mfa_enabled": False})
        return said(self.state.bot.json() | {"verified": True, "mfa_enabled": True})

    async def guilds(self, request: web.Request) -> web.Response:
        mine = [guild for guild in self.state.guilds.values() if guild.bot_is_member]
        names = ("id", "name", "icon", "banner", "features")
        return said([{name: guild.json()[name] for name in names} for guild in mine])

    async def open_dm(self, request: web.Request) -> web.Response:
        """The channel exists for whoever shares a guild with the bot, or has installed it."""
        user = self.state.users.get(read(Recipient, await json_body(request)).recipient_id)
        if user is None or user.bot:
            raise invalid(("recipient_id",), "RECIPIENT_INVALID", "Invalid Recipient(s)")
        return said(self.state.direct(user).json())

    async def user(self, request: web.Request) -> web.Response:
        user = self.state.users.get(request.match_info["user_id"])
        if user is None:
            raise refuse(10013)
        return said(user.json())

    async def application(self, request: web.Request) -> web.Response:
        return said(self._application())

    async def change_application(self, request: web.Request) -> web.Response:
        fields = read(ApplicationFields, await json_body(request))
        if "interactions_endpoint_url" in fields.model_fields_set:
            await self.state.endpoint.verify(fields.interactions_endpoint_url)
        return said(self._application())

    async def guild(self, request: web.Request) -> web.Response:
        guild = self.state.guild(request.match_info["guild_id"])
        return said(guild.json())

    async def guild_channels(self, request: web.Request) -> web.Response:
        guild = self.state.guild(request.match_info["guild_id"])
        return said([channel.json() for channel in guild.channels if not channel.gone])

    async def member(self, request: web.Request) -> web.Response:
        guild = self.state.guild(request.match_info["guild_id"])
        user = self.state.users.get(request.match_info["user_id"])
        if user is None or user not in guild.members:
            raise refuse(10007)
        return said(guild.member_json(user))

    def _application(self) -> dict[str, Any]:
        kept = [channel for channel in self.state.channels.values() if channel.type != GROUP]
        return {
            "id": self.state.application_id,
            "name": self.state.bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": self.state.endpoint.signer.public_key,
            "flags": 0,
            "owner": self.state.bot.json(),
            "team": None,
            "rpc_origins": [],
            "hook": True,
            "redirect_uris": self.state.oauth.redirects,
            "interactions_endpoint_url": self.state.endpoint.url,
            "approximate_guild_count": len({each.guild.id for each in kept if each.guild}),
            "approximate_user_install_count": len(self.state.installed_by),
            "integration_types_config": {"0": {}, "1": {}},
        }


def _gateway_url(request: web.Request) -> str:
    return f"ws://{request.host}/gateway"
