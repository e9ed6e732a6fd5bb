"""Sign in with Hugging Face: the authorization-code round trip with PKCE, refresh, and who it was.

Ours and not huggingface_hub's `attach_huggingface_oauth`, which keeps both tokens readable in a cookie,
has no PKCE and no refresh.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx2
from huggingface_hub.utils._http import get_session

from bot.domain.errors import HubUnavailable, TokenGone
from bot.hub.client import hub_trouble, wait_asked_for

SCOPES = ("openid", "profile", "contribute-repos", "jobs")
"""As narrow as the Hub allows: make Spaces and touch only those, and run Jobs."""


@dataclass(frozen=True)
class TokenPair:
    """What the Hub gave. `refresh` is None where the app gets none."""

    access: str
    refresh: str | None
    seconds: float
    scopes: str


@dataclass(frozen=True)
class SignedIn:
    user_id: str
    name: str


@dataclass(frozen=True)
class OAuthApp:
    """Our registration with the provider."""

    provider: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def authorize_url(self, state: str, verifier: str, scopes: str) -> str:
        """`scopes` are all that the new token is to have, separated by spaces."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": scopes,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.provider}/oauth/authorize?{urlencode(query)}"

    def exchange(self, code: str, verifier: str, scopes: str) -> TokenPair:
        """Raises TokenGone if the code is used, late or another browser's. `scopes` were asked for."""
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": verifier,
            },
            scopes,
        )

    def refresh(self, refresh_token: str, scopes: str) -> TokenPair:
        """Raises TokenGone if the refresh token was used or revoked."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token}, scopes)

    def who(self, access_token: str) -> SignedIn:
        headers = {"Authorization": f"Bearer {access_token}"}
        with hub_trouble():
            answer = self._ask("GET", "/oauth/userinfo", headers=headers)
            return SignedIn(user_id=answer["sub"], name=answer["preferred_username"])

    def _tokens(self, form: dict[str, str], scopes: str) -> TokenPair:
        """An answer that names no scopes grants those that were asked for."""
        form = {**form, "client_id": self.client_id}
        with hub_trouble():
            answer = self._ask("POST", "/oauth/token", form=form, auth=(self.client_id, self.client_secret))
            return TokenPair(
                access=answer["access_token"],
                refresh=answer.get("refresh_token"),
                seconds=float(answer.get("expires_in", 8 * 3600)),
                scopes=answer.get("scope") or scopes,
            )

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> dict[str, str]:
        url = f"{self.provider}{path}"
        response = get_session().request(
            method, url, headers=headers, data=form, auth=auth, follow_redirects=False
        )
        if response.status_code in {400, 401} and not _is_about_us(response):
            raise TokenGone(f"sign-in answered {response.status_code}")
        if response.status_code != 200:
            # Whatever it is, it says nothing about the person: their tokens stay, and it is tried again.
            wait = wait_asked_for(response.headers)
            raise HubUnavailable(f"sign-in answered {response.status_code}", wait)
        answer: dict[str, str] = response.json()
        return answer


def _is_about_us(response: httpx2.Response) -> bool:
    """Whether it is the app that is refused, such as for a secret that the operator has changed."""
    try:
        return response.json()["error"] in {"invalid_client", "unauthorized_client"}
    except (ValueError, KeyError, TypeError):
        return False


def new_secret() -> str:
    """A state or a PKCE verifier: 43 characters or more, url-safe."""
    return secrets.token_urlsafe(48)
