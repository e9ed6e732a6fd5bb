"""Registering commands: global ones, and those of one guild."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.harness.discord.answers import said
from tests.harness.discord.bodies import is_true, json_body, query
from tests.harness.discord.command_fields import Command
from tests.harness.discord.commands import EVERYWHERE, listed
from tests.harness.discord.errors import Refusal, invalid, refuse
from tests.harness.discord.fields import read
from tests.harness.discord.state import State

ALL = "/api/v10/applications/{application_id}/commands"
OF_GUILD = "/api/v10/applications/{application_id}/guilds/{guild_id}/commands"


class CommandRoutes:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        found = []
        for path in (ALL, OF_GUILD):
            one = path + "/{command_id}"
            found += [
                web.get(path, self.list),
                web.put(path, self.overwrite),
                web.post(path, self.create),
                web.get(one, self.get),
                web.patch(one, self.edit),
                web.delete(one, self.delete),
            ]
        return found

    async def list(self, request: web.Request) -> web.Response:
        asked = query(request, "with_localizations")
        everything = self.state.commands.all(self._scope(request))
        whole = is_true(asked.get("with_localizations"))
        return said([listed(each, with_localizations=whole) for each in everything])

    async def overwrite(self, request: web.Request) -> web.Response:
        scope, body = self._scope(request), await json_body(request)
        if not isinstance(body, list):
            raise invalid((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        commands = [read(Command, each, (number,)) for number, each in enumerate(body)]
        return said(self.state.commands.overwrite(commands, scope))

    async def create(self, request: web.Request) -> web.Response:
        scope, command = self._scope(request), read(Command, await json_body(request))
        stored, is_new = self.state.commands.upsert(command, scope)
        return said(stored, status=201 if is_new else 200)

    async def get(self, request: web.Request) -> web.Response:
        return said(self._one(request))

    async def edit(self, request: web.Request) -> web.Response:
        scope, before, body = self._scope(request), self._one(request), await json_body(request)
        if not isinstance(body, dict) or "type" in body:
            raise invalid(("type",), "UNKNOWN_FIELD", "Discord does not know this field here")
        kept = {name: value for name, value in before.items() if name in Command.model_fields}
        return said(self.state.commands.replace(before, read(Command, kept | body), scope))

    async def delete(self, request: web.Request) -> web.Response:
        self.state.commands.delete(request.match_info["command_id"], self._scope(request))
        return web.Response(status=204)

    def _one(self, request: web.Request) -> dict[str, Any]:
        return self.state.commands.get(request.match_info["command_id"], self._scope(request))

    def _scope(self, request: web.Request) -> str:
        if request.match_info["application_id"] != self.state.application_id:
            raise refuse(10002)
        if "guild_id" not in request.match_info:
            return EVERYWHERE
        try:
            return self.state.guild(request.match_info["guild_id"]).id
        except Refusal as unknown:
            raise refuse(50001) from unknown
