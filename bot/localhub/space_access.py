"""Who may enter a Space's app: by a token on the request, or by a signed link that becomes a cookie."""

import secrets
import time

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import HTTPConnection

from bot.localhub.accounts import Caller, Token, User, caller_of
from bot.localhub.errors import HubError
from bot.localhub.repos import Repo, may_read
from bot.localhub.state import Hub

PARAMETER = "__sign"
LINK_LIFETIME = 300
COOKIE_LIFETIME = 24 * 3600
_KEY = OctKey.import_key(secrets.token_bytes(32))
"""New with each start of the Hub: links and cookies from before are void."""


def cookie_name(repo: Repo) -> str:
    """All Spaces share one host name, and so one jar; the name keeps them apart."""
    return f"space-{repo.repo_id_hex}"


def sign(repo: Repo, user_name: str, lifetime: int) -> str:
    """A pass into this Space for this person, good for `lifetime` seconds."""
    claims = {"sub": user_name, "aud": repo.repo_id_hex, "exp": int(time.time()) + lifetime}
    return jwt.encode({"alg": "HS256"}, claims, _KEY)


def bearer(hub: Hub, repo: Repo, signed: str) -> Caller | None:
    """Whom a pass was made out to, if it is genuine, for this Space, and in time."""
    rules = jwt.JWTClaimsRegistry(
        aud={"essential": True, "value": repo.repo_id_hex}, exp={"essential": True}, sub={"essential": True}
    )
    try:
        claims = jwt.decode(signed, _KEY, algorithms=["HS256"]).claims
        rules.validate(claims)
    except (JoseError, ValueError):
        return None
    user = hub.all(User).get(claims["sub"])
    return Caller(user, Token(value="", user=user.name)) if user is not None else None


def may_enter(hub: Hub, repo: Repo, request: HTTPConnection) -> bool:
    """Whether the app of this Space answers this request, or opens this WebSocket."""
    if not repo.private or repo.protected:
        return True
    callers = [
        _by_token(hub, request.headers.get("x-hf-authorization")),
        _by_token(hub, request.headers.get("authorization")),
        bearer(hub, repo, request.cookies.get(cookie_name(repo), "")) if _from_own_page(request) else None,
    ]
    return any(may_read(hub, repo, caller) for caller in callers if caller is not None)


def _from_own_page(request: HTTPConnection) -> bool:
    """Browsers let any page open a WebSocket, with the cookies of the far end; other requests they guard."""
    origin = request.headers.get("origin")
    return request.scope["type"] == "http" or origin in {None, f"http://{request.headers.get('host')}"}


def _by_token(hub: Hub, header: str | None) -> Caller | None:
    try:
        return caller_of(hub, (header or "").removeprefix("Bearer ").strip()) if header else None
    except HubError:
        return None
