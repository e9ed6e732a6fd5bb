"""The pages of Discord that a browser sees on its way through OAuth: log in, and consent."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from tests.harness.discord.oauth import SCOPES
from tests.harness.discord.places import User
from tests.harness.discord.state import State

PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("pages")), autoescape=True)
KNOWN = {
    "client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
    "prompt",
}  # fmt: skip
COOKIE = "discord_session"


class Broken(Exception):
    """The link itself is wrong, so that the browser can't be sent back anywhere."""


class ConsentRoutes:
    def __init__(self, state: State) -> None:
        self.state = state
        self._sessions: dict[str, User] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v10/oauth2/authorize", self.move),
            web.get("/oauth2/authorize", self.ask),
            web.post("/oauth2/authorize", self.decide),
            web.post("/login", self.log_in),
        ]

    async def move(self, request: web.Request) -> web.Response:
        """The API's address of the page; the page is beside the API."""
        raise web.HTTPFound(f"/oauth2/authorize?{request.query_string}")

    async def ask(self, request: web.Request) -> web.Response:
        try:
            asked = self._checked(request)
        except Broken as broken:
            return _page("refusal", status=400, reason=str(broken))
        user, here = self._user(request), str(request.rel_url)
        if user is None:
            return _page("login", next=here)
        csrf, scopes = request.cookies[COOKIE], asked["scope"].split()
        host = urlsplit(asked["redirect_uri"]).netloc
        application = self.state.bot.name
        return _page(
            "consent",
            application=application,
            user=user.name,
            host=host,
            scopes=scopes,
            action=here,
            csrf=csrf,
        )

    async def decide(self, request: web.Request) -> web.Response:
        try:
            asked = self._checked(request)
        except Broken as broken:
            return _page("refusal", status=400, reason=str(broken))
        user, form = self._user(request), await request.post()
        if user is None or not hmac.compare_digest(str(form.get("csrf")), request.cookies[COOKIE]):
            return _page("refusal", status=403, reason="Log in first.")
        if form.get("decision") != "allow":
            said = {"error": "access_denied", "error_description": "The user denied the request"}
        else:
            challenge = asked.get("code_challenge")
            redirect_uri = asked["redirect_uri"]
            said = {"code": self.state.oauth.code(user, asked["scope"], redirect_uri, challenge)}
        if "state" in asked:
            said["state"] = asked["state"]
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(said)}")

    async def log_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        found = [each for each in self.state.users.values() if each.name == form.get("username")]
        back = str(form.get("next"))
        if not found or found[0].bot or not back.startswith("/oauth2/"):
            return _page("refusal", status=403, reason="Nobody has this name.")
        session = secrets.token_urlsafe(24)
        self._sessions[session] = found[0]
        moved = web.HTTPFound(back)
        moved.set_cookie(COOKIE, session, httponly=True, samesite="Lax")
        raise moved

    def _user(self, request: web.Request) -> User | None:
        return self._sessions.get(request.cookies.get(COOKIE, ""))

    def _checked(self, request: web.Request) -> dict[str, str]:
        asked = dict(request.query)
        if unknown := set(asked) - KNOWN:
            raise Broken(f"Unknown parameters: {sorted(unknown)}")
        if asked.get("client_id") != self.state.application_id:
            raise Broken("Unknown Application")
        if asked.get("redirect_uri") not in self.state.oauth.redirects:
            raise Broken("Invalid OAuth2 redirect_uri")
        if asked.get("response_type") != "code":
            raise Broken("The stand-in knows response_type=code only")
        if not set(asked.get("scope", "").split()) <= SCOPES or not asked.get("scope"):
            raise Broken(f"The stand-in grants {sorted(SCOPES)} only, not {quote(asked.get('scope', ''))}")
        method = asked.get("code_challenge_method", "S256" if "code_challenge" not in asked else "plain")
        if method != "S256":
            raise Broken("code_challenge_method must be S256")
        return asked


def _page(name: str, *, status: int = 200, **words: object) -> web.Response:
    body = PAGES.get_template(f"{name}.html").render(**words)
    text = PAGES.get_template("frame.html").render(body=body)
    return web.Response(text=text, status=status, content_type="text/html")
