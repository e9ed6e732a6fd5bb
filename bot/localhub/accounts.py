"""Users, their tokens, and who is calling: `caller()` is the door of every route that needs a person."""

import base64
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from bot.localhub.errors import HubError
from bot.localhub.state import Hub, Record, now

router = APIRouter()


class User(Record):
    """A person or an organisation (`type`). The id never changes and is never reused."""

    id: str
    name: str
    type: str = "user"
    is_pro: bool = True
    can_pay: bool = True
    """Whether there are credits and a way to pay."""
    members: tuple[str, ...] = ()
    """Names of the members, for an organisation."""
    roles: dict[str, str] = Field(default_factory=dict)
    """What a member is in the organisation, if not an admin: "write" or "read"."""
    full_name: str = ""
    repos_are_private: bool = False
    """Whether new repos and buckets are private unless asked otherwise."""
    created_at: str

    @property
    def shown_name(self) -> str:
        return self.full_name or self.name


class Token(Record):
    """A bearer token. `scopes` is None for a user's own access token, which may do everything."""

    value: str
    user: str
    scopes: tuple[str, ...] | None = None
    expires_at: float | None = None
    app: str | None = None
    """Client id of the OAuth app it was given to."""
    name: str = "local"
    """What its owner calls it."""
    left_out: tuple[str, ...] = ()
    """Names of the owner's organisations that it does not reach."""


@dataclass(frozen=True)
class Caller:
    """Who is calling, and with which right."""

    user: User
    token: Token

    @property
    def is_oauth(self) -> bool:
        return self.token.app is not None

    def may(self, *scopes: str) -> bool:
        """Whether the token carries one of the scopes; a user's own token carries all."""
        return self.token.scopes is None or bool(set(scopes) & set(self.token.scopes))

    def require(self, *scopes: str) -> None:
        if not self.may(*scopes):
            raise HubError(403, f"This token is missing the required scope: {' or '.join(scopes)}")

    def owns(self, hub: Hub, namespace: str) -> bool:
        """Whether the namespace is the caller's own, or an organisation's that the caller belongs to."""
        if namespace == self.user.name:
            return True
        owner = hub.all(User).get(namespace)
        return owner is not None and self.user.name in owner.members and namespace not in self.token.left_out

    def may_change(self, hub: Hub, namespace: str) -> bool:
        """Whether the namespace is the caller's, with a role that may change what is in it."""
        owner = hub.all(User).get(namespace)
        return self.owns(hub, namespace) and (owner is None or owner.roles.get(self.user.name) != "read")


def hub_of(request: Request) -> Hub:
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


def token_in(request: Request) -> str:
    """The bearer token of a request, or an empty string. git sends it as the password of Basic."""
    value = request.headers.get("authorization") or request.headers.get("x-hf-authorization") or ""
    kind, _, rest = value.strip().partition(" ")
    if kind.lower() == "basic":
        return _password_in(rest)
    return rest.strip() if kind.lower() == "bearer" else value.strip()


def _password_in(encoded: str) -> str:
    """The password of Basic credentials; what cannot be read stays as it is, and is nobody's token."""
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return encoded
    return password or name


def caller_of(hub: Hub, value: str) -> Caller:
    """The caller behind a token's value; 401 if it is unknown or has expired."""
    token = hub.all(Token).get(value)
    if token is None or (token.expires_at is not None and token.expires_at < time.time()):
        # The client maps this very sentence to "bad token" and not to "no such repo".
        raise HubError(401, "Invalid credentials in Authorization header")
    user = hub.all(User).get(token.user)
    assert user is not None
    return Caller(user, token)


def optional_caller(request: Request) -> Caller | None:
    value = token_in(request)
    return caller_of(hub_of(request), value) if value else None


def caller(request: Request) -> Caller:
    found = optional_caller(request)
    if found is None:
        raise HubError(401, "Invalid username or password.")
    return found


TheHub = Annotated[Hub, Depends(hub_of)]
TheCaller = Annotated[Caller, Depends(caller)]
MaybeCaller = Annotated[Caller | None, Depends(optional_caller)]


def add_user(hub: Hub, name: str, token: str | None = None, *, kind: str = "user") -> User:
    """Create the user if there is none, and give them the token. Safe to repeat.

    ValueError if the name is another kind of account's, or the token another user's.
    """
    user = hub.all(User).get(name)
    if user is None:
        user = hub.all(User).put(name, User(id=secrets.token_hex(12), name=name, type=kind, created_at=now()))
    if user.type != kind:
        raise ValueError(f"{name} is the name of another kind of account ({user.type})")
    if token is not None:
        owner = hub.all(Token).get(token) or hub.all(Token).put(token, Token(value=token, user=name))
        if owner.user != name:
            raise ValueError(f"the token given for {name} is another user's")
    return user


def is_private_unasked(hub: Hub, name: str) -> bool:
    """Whether what is new in this namespace is private unless asked otherwise."""
    owner = hub.all(User).get(name)
    return owner is not None and owner.repos_are_private


def account(hub: Hub, name: str) -> User:
    """A person or organisation that is known to exist."""
    found = hub.all(User).get(name)
    assert found is not None
    return found


def has_token(hub: Hub, name: str) -> bool:
    """Whether the user has an access token of their own."""
    return any(token.user == name and token.scopes is None for token in hub.all(Token))


def user_by_id(hub: Hub, user_id: str) -> User | None:
    return next((user for user in hub.all(User) if user.id == user_id), None)


def organisations_reached(hub: Hub, caller: Caller) -> list[tuple[User, str]]:
    """As `organisations_of`, without those that the token does not reach."""
    return [each for each in organisations_of(hub, caller.user) if each[0].name not in caller.token.left_out]


def organisations_of(hub: Hub, user: User) -> list[tuple[User, str]]:
    """The organisations that the person belongs to, and as what."""
    orgs = (org for org in hub.all(User) if user.name in org.members)
    return [(org, org.roles.get(user.name, "admin")) for org in orgs]


@router.get("/api/whoami-v2")
def whoami(hub: TheHub, caller: TheCaller) -> dict[str, object]:
    user = caller.user
    about: dict[str, object] = {
        "type": "user",
        "id": user.id,
        "name": user.name,
        "fullname": user.shown_name,
        "emailVerified": True,
        "canPay": user.can_pay,
        "billingMode": "prepaid",
        "periodEnd": None,
        "isPro": user.is_pro,
        "avatarUrl": "/avatars/none.svg",
        "orgs": [{**org_card(org), "roleInOrg": role} for org, role in organisations_reached(hub, caller)],
        "auth": _auth(caller),
    }
    if caller.may("email"):
        about["email"] = f"{user.name}@localhost"
    return about


def org_card(org: User) -> dict[str, object]:
    return {
        "type": "org",
        "id": org.id,
        "name": org.name,
        "fullname": org.shown_name,
        "avatarUrl": "/avatars/none.svg",
        "isEnterprise": False,
        "canPay": True,
    }


def _auth(caller: Caller) -> dict[str, object]:
    """An app's token has no name; one with scopes of its own is called fine-grained."""
    token = caller.token
    if caller.is_oauth:
        ends = datetime.fromtimestamp(token.expires_at or 0, UTC).isoformat(timespec="milliseconds")
        return {"type": "oauth", "expiresAt": ends.replace("+00:00", "Z")}
    about: dict[str, object] = {"displayName": token.name, "createdAt": caller.user.created_at}
    if token.scopes is None:
        return {"type": "access_token", "accessToken": {**about, "role": "write"}}
    fine = {"global": token.scopes, "scoped": [], "canReadGatedRepos": "gated-repos" in token.scopes}
    return {"type": "access_token", "accessToken": {**about, "role": "fineGrained", "fineGrained": fine}}


def public_card(user: User) -> dict[str, object]:
    return {
        "_id": user.id,
        "user": user.name,
        "fullname": user.shown_name,
        "avatarUrl": "/avatars/none.svg",
        "type": user.type,
        "isPro": user.is_pro,
    }
