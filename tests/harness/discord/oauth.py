"""Who has allowed this application to know them: codes, tokens, and the proof key of the one who asked.

https://docs.discord.com/developers/topics/oauth2 and RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from tests.harness.discord.clock import Clock
from tests.harness.discord.errors import Refusal
from tests.harness.discord.places import User

CODE_LIFE = 10 * 60.0
TOKEN_LIFE = 7 * 24 * 3600
SCOPES = frozenset({"identify"})
"""What the stand-in can grant. An application that asks for more is refused, not indulged."""


@dataclass(frozen=True)
class Grant:
    """`challenge` is the S256 of the verifier that must come with the code; None if none was asked for."""

    user: User
    scope: str
    redirect_uri: str
    challenge: str | None
    until: float


@dataclass(frozen=True)
class Token:
    user: User
    scope: str
    until: float


class OAuth:
    def __init__(self, clock: Clock) -> None:
        self.redirects: list[str] = []
        """The redirect URIs of the developer portal; compared letter by letter."""
        self._clock = clock
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, Token] = {}

    def code(self, user: User, scope: str, redirect_uri: str, challenge: str | None) -> str:
        code = secrets.token_urlsafe(24)
        until = self._clock.now() + CODE_LIFE
        self._codes[code] = Grant(user, scope, redirect_uri, challenge, until)
        return code

    def redeem(self, code: str, redirect_uri: str, verifier: str | None) -> dict[str, object]:
        """A code works once, also for who gets it wrong."""
        grant = self._codes.pop(code, None)
        if grant is None or grant.until < self._clock.now():
            raise wrong_grant('Invalid "code" in request.')
        if grant.redirect_uri != redirect_uri:
            raise wrong_grant('Invalid "redirect_uri" in request.')
        if not _proves(verifier, grant.challenge):
            raise wrong_grant('Invalid "code_verifier" in request.')
        return self._issue(grant.user, grant.scope)

    def refresh(self, token: str) -> dict[str, object]:
        kept = self._refresh.pop(token, None)
        if kept is None:
            raise wrong_grant('Invalid "refresh_token" in request.')
        return self._issue(kept.user, kept.scope)

    def user_of(self, token: str) -> Token | None:
        kept = self._access.get(token)
        return kept if kept and kept.until > self._clock.now() else None

    def revoke(self, token: str) -> None:
        self._access.pop(token, None)
        self._refresh.pop(token, None)

    def forget(self, user: User) -> None:
        """They took the application's access away in their settings."""
        for tokens in (self._access, self._refresh):
            for token in [each for each, kept in tokens.items() if kept.user == user]:
                del tokens[token]

    def _issue(self, user: User, scope: str) -> dict[str, object]:
        access, refresh = secrets.token_urlsafe(22), secrets.token_urlsafe(22)
        token = Token(user, scope, self._clock.now() + TOKEN_LIFE)
        self._access[access] = self._refresh[refresh] = token
        return {
            "token_type": "Bearer",
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": TOKEN_LIFE,
            "scope": scope,
        }


def wrong_grant(description: str) -> Refusal:
    return Refusal(400, {"error": "invalid_grant", "error_description": description})


def _proves(verifier: str | None, challenge: str | None) -> bool:
    if challenge is None:
        return verifier is None
    digest = hashlib.sha256((verifier or "").encode()).digest()
    made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(made, challenge)
