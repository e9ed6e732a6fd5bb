"""OAuth as stored: apps, their codes and refresh tokens, what people have allowed, and the signing key."""

import secrets
import time
import uuid
from typing import Any

from joserfc.jwk import RSAKey

from bot.localhub.accounts import Token, User
from bot.localhub.state import Hub, Record

CODE_LIFETIME = 300
REFRESH_LIFETIME = 90 * 24 * 3600

SCOPES = {
    "openid": "know who you are",
    "profile": "read your name and picture",
    "email": "read your e-mail address",
    "read-billing": "see whether you have a payment method",
    "read-memberships": "see which organisations you belong to",
    "read-repos": "read your private repos",
    "gated-repos": "read the public gated repos that you have access to",
    "contribute-repos": "create repos, and read and change the repos that it created itself",
    "write-repos": "read and change all your repos",
    "manage-repos": "create, change, set up and delete all your repos",
    "read-collections": "read your private collections",
    "write-collections": "change your collections",
    "inference-api": "use inference providers on your behalf",
    "read-endpoints": "see your inference endpoints",
    "write-endpoints": "change your inference endpoints",
    "jobs": "run Jobs in your name and on your account",
    "webhooks": "manage your webhooks",
    "write-discussions": "open discussions and write comments in your name",
}
"""Every scope, and what it lets an app do, in words that follow "It will be able to"."""


CLI_ID = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"
"""The client id with which `hf auth login` asks, wherever its Hub is."""
CLI_LIFETIME = 30 * 24 * 3600


class OAuthApp(Record):
    """An app that may ask people for tokens. Stored under its name."""

    name: str
    client_id: str
    client_secret: str
    """Empty for a public app, which cannot keep one."""
    redirect_uris: tuple[str, ...]
    expires_in: int
    """Lifetime of its access tokens, in seconds."""
    scopes: tuple[str, ...] = ("openid", "profile")
    """What it asks for when it names no scopes."""


class Grant(Record):
    """What a person allowed an app; a code or a refresh token stands for it."""

    client_id: str
    user: str
    scopes: tuple[str, ...]
    expires_at: float
    left_out: tuple[str, ...] = ()
    """Names of the person's organisations that it does not reach."""


class Code(Grant):
    """A single-use authorization code and what must be shown again with it."""

    redirect_uri: str
    nonce: str | None = None
    challenge: str | None = None


class RefreshToken(Grant):
    """Rotates: each use deletes it and gives another."""


class Connection(Record):
    """That a person has allowed an app these scopes. Stored under `<user>/<client_id>`."""

    user: str
    client_id: str
    scopes: tuple[str, ...]
    left_out: tuple[str, ...] = ()


class SigningKey(Record):
    """The RSA key of the id tokens, as a JWK. There is one, under "rs256"."""

    jwk: dict[str, Any]


def register_app(hub: Hub, name: str, redirect_uris: tuple[str, ...], expires_in: int) -> OAuthApp:
    """Register the app, or give the known one these addresses; its id and secret stay the same."""
    known = hub.all(OAuthApp).get(name)
    app = OAuthApp(
        name=name,
        client_id=known.client_id if known else str(uuid.uuid4()),
        client_secret=known.client_secret if known else f"oauth_app_secret_{secrets.token_hex(16)}",
        redirect_uris=redirect_uris,
        expires_in=expires_in,
    )
    return hub.all(OAuthApp).put(name, app)


def app_of(hub: Hub, client_id: str) -> OAuthApp | None:
    if client_id == CLI_ID:
        return _command_line()
    return next((app for app in hub.all(OAuthApp) if app.client_id == client_id), None)


def _command_line() -> OAuthApp:
    """The `hf` command, which every Hub knows. It sends no browser anywhere: it uses device codes."""
    return OAuthApp(
        name="Hugging Face CLI",
        client_id=CLI_ID,
        client_secret="",
        redirect_uris=(),
        expires_in=CLI_LIFETIME,
        scopes=tuple(SCOPES),
    )


def signing_key(hub: Hub) -> RSAKey:
    with hub.lock:
        stored = hub.all(SigningKey).get("rs256")
        if stored is None:
            key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)
            stored = hub.all(SigningKey).put("rs256", SigningKey(jwk=dict(key.as_dict(private=True))))
    return RSAKey.import_key(stored.jwk)


def allow(hub: Hub, app: OAuthApp, user: User, code: Code) -> str:
    """Remember what the person allowed; returns the code's value."""
    connect(hub, app.client_id, user, code.scopes, code.left_out)
    value = secrets.token_urlsafe(32)
    hub.all(Code).put(value, code)
    return value


def connect(
    hub: Hub, client_id: str, user: User, scopes: tuple[str, ...], left_out: tuple[str, ...] = ()
) -> None:
    """Remember that the person has allowed the app these scopes too, but not in these organisations."""
    key = f"{user.name}/{client_id}"
    with hub.lock:
        before = hub.all(Connection).get(key)
        together = dict.fromkeys((*(before.scopes if before else ()), *scopes))
        hub.all(Connection).put(
            key, Connection(user=user.name, client_id=client_id, scopes=tuple(together), left_out=left_out)
        )


def disconnect(hub: Hub, client_id: str, user: User) -> bool:
    """End what the person allowed the app, with all its tokens and codes. False if there was nothing."""
    with hub.lock:
        for token in hub.all(Token):
            if (token.app, token.user) == (client_id, user.name):
                hub.all(Token).delete(token.value)
        for model in (Code, RefreshToken):
            _delete_grants(hub, model, client_id, user)
        return hub.all(Connection).delete(f"{user.name}/{client_id}") is not None


def _delete_grants(hub: Hub, model: type[Code] | type[RefreshToken], client_id: str, user: User) -> None:
    for value, grant in hub.all(model).items():
        if (grant.client_id, grant.user) == (client_id, user.name):
            hub.all(model).delete(value)


def allowed(hub: Hub, app: OAuthApp, user: User, scopes: tuple[str, ...]) -> Connection | None:
    """What the person has already allowed the app, if it has all these scopes."""
    connection = hub.all(Connection).get(f"{user.name}/{app.client_id}")
    return connection if connection is not None and set(scopes) <= set(connection.scopes) else None


def issue_tokens(hub: Hub, app: OAuthApp, grant: Grant) -> tuple[str, str]:
    """A new access token and a new refresh token for the grant. Forgets access tokens that have expired."""
    now = time.time()
    for old in hub.all(Token):
        if old.expires_at is not None and old.expires_at < now:
            hub.all(Token).delete(old.value)
    access = Token(
        value=f"hf_oauth_{secrets.token_hex(24)}",
        user=grant.user,
        scopes=grant.scopes,
        expires_at=now + app.expires_in,
        app=app.client_id,
        left_out=grant.left_out,
    )
    hub.all(Token).put(access.value, access)
    refresh = f"hf_oauth__refresh_{secrets.token_hex(24)}"
    hub.all(RefreshToken).put(
        refresh,
        RefreshToken(
            client_id=app.client_id,
            user=grant.user,
            scopes=grant.scopes,
            expires_at=now + REFRESH_LIFETIME,
            left_out=grant.left_out,
        ),
    )
    return access.value, refresh
