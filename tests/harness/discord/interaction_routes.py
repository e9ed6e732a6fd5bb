"""First answers, and everything that an interaction's token may do afterwards."""

from __future__ import annotations

from aiohttp import web

from tests.harness.discord.answering import answer, follow_up, interaction_of, message_of, rewrite
from tests.harness.discord.answers import said
from tests.harness.discord.bodies import is_true, message_body, query
from tests.harness.discord.errors import refuse
from tests.harness.discord.interactions import Interaction
from tests.harness.discord.message_fields import Flags
from tests.harness.discord.state import State
from tests.harness.discord.writing import delete


class InteractionRoutes:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        webhook = "/api/v10/webhooks/{application_id}/{interaction_token}"
        message = f"{webhook}/messages/{{message_id}}"
        return [
            web.post("/api/v10/interactions/{interaction_id}/{interaction_token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.get(message, self.get),
            web.patch(message, self.edit),
            web.delete(message, self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        asked = query(request, "with_response")
        interaction = self.state.interactions.get(request.match_info["interaction_token"])
        if interaction is None or interaction.id != request.match_info["interaction_id"]:
            raise refuse(10062)
        body, uploads = await message_body(request)
        answer(self.state, interaction, body, uploads)
        if is_true(asked.get("with_response")):
            return said(_answered(interaction))
        return web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        query(request, "wait", "with_components")
        interaction = self._interaction(request)
        body, uploads = await message_body(request)
        return said(follow_up(self.state, interaction, body, uploads).json())

    async def get(self, request: web.Request) -> web.Response:
        message = message_of(self._interaction(request), request.match_info["message_id"])
        return said(message.json())

    async def edit(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        message = message_of(interaction, request.match_info["message_id"])
        body, uploads = await message_body(request)
        return said(rewrite(self.state, interaction, message, body, uploads).json())

    async def delete(self, request: web.Request) -> web.Response:
        delete(self.state, message_of(self._interaction(request), request.match_info["message_id"]))
        return web.Response(status=204)

    def _interaction(self, request: web.Request) -> Interaction:
        if request.match_info["application_id"] != self.state.application_id:
            raise refuse(10015)
        return interaction_of(self.state, request.match_info["interaction_token"])


def _answered(interaction: Interaction) -> dict[str, object]:
    """What `with_response` asks for."""
    assert interaction.kind
    about: dict[str, object] = {"id": interaction.id, "type": int(interaction.asked)}
    resource: dict[str, object] = {"type": int(interaction.kind)}
    message = interaction.original
    if message:
        about["response_message_id"] = message.id
        about["response_message_loading"] = message.thinking
        about["response_message_ephemeral"] = Flags.EPHEMERAL in message.flags
        resource["message"] = message.json()
    return {"interaction": about, "resource": resource}
