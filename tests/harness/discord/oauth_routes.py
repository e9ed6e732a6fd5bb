"""OAuth for the application's server: tokens for codes, and who a token belongs to."""

from __future__ import annotations

import base64
import binascii
import hmac

from aiohttp import web

from tests.harness.discord.answers import said
from tests.harness.discord.bodies import form_body
from tests.harness.discord.clock import iso
from tests.harness.discord.doors import Bearer, who_asks
from tests.harness.discord.errors import Refusal, plain
from tests.harness.discord.state import State

BY_GRANT = {
    "authorization_code": {"code", "redirect_uri", "code_verifier"},
    "refresh_token": {"refresh_token"},
}


class OAuthRoutes:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v10/oauth2/token", self.token),
            web.post("/api/v10/oauth2/token/revoke", self.revoke),
            web.get("/api/v10/oauth2/@me", self.me),
        ]

    async def token(self, request: web.Request) -> web.Response:
        form = self._of_this_application(request, await form_body(request))
        grant = form.pop("grant_type", "")
        if grant not in BY_GRANT:
            raise Refusal(400, {"error": "unsupported_grant_type"})
        if set(form) - BY_GRANT[grant]:
            raise Refusal(400, {"error": "invalid_request", "error_description": f"unknown: {sorted(form)}"})
        if grant == "refresh_token":
            return said(self.state.oauth.refresh(form.get("refresh_token", "")))
        code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
        return said(self.state.oauth.redeem(code, redirect_uri, form.get("code_verifier")))

    async def revoke(self, request: web.Request) -> web.Response:
        form = self._of_this_application(request, await form_body(request))
        self.state.oauth.revoke(form.get("token", ""))
        return said({})

    async def me(self, request: web.Request) -> web.Response:
        who = who_asks(self.state, request)
        if not isinstance(who, Bearer):
            raise plain(401, "Unauthorized")
        application = {"id": self.state.application_id, "name": self.state.bot.name}
        body = {"application": application, "scopes": who.token.scope.split()}
        return said(
            body | {"expires": iso(who.token.until), "user": who.token.user.json()},
        )

    def _of_this_application(self, request: web.Request, form: dict[str, str]) -> dict[str, str]:
        """The form without the client's id and secret, which may also come as HTTP Basic."""
        client, secret = form.pop("client_id", ""), form.pop("client_secret", "")
        if request.headers.get("Authorization", "").startswith("Basic "):
            client, secret = _basic(request.headers["Authorization"].removeprefix("Basic "))
        right = client == self.state.application_id
        if not right or not hmac.compare_digest(secret.encode(), self.state.client_secret.encode()):
            raise Refusal(401, {"error": "invalid_client"})
        return form


def _basic(value: str) -> tuple[str, str]:
    try:
        client, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client, secret
