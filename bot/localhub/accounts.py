"""Users, their tokens, and who is calling: `caller()` is the door of every route that needs a person."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from bot.localhub.errors import HubError, not_found
from bot.localhub.state import Hub, Record, now

router = APIRouter()


class User(Record):
    """A person or an organisation (`type`). The id never changes and is never reused."""

    id: str
    name: str
    type: str = "user"
    is_pro: bool = True
    members: tuple[str, ...] = ()
    """Names of the members, for an organisation."""
    roles: dict[str, str] = Field(default_factory=dict)
    """What a member is in the organisation, if not an admin: "write" or "read"."""
    created_at: str


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
        return owner is not None and self.user.name in owner.members

    def may_change(self, hub: Hub, namespace: str) -> bool:
        """Whether the namespace is the caller's, with a role that may change what is in it."""
        owner = hub.all(User).get(namespace)
        return self.owns(hub, namespace) and (owner is None or owner.roles.get(self.user.name) != "read")


def hub_of(request: Request) -> Hub:
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


def token_in(request: Request) -> str:
    """The bearer token of a request, or an empty string."""
    value = request.headers.get("authorization") or request.headers.get("x-hf-authorization") or ""
    return value.removeprefix("Bearer ").strip()


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


def has_token(hub: Hub, name: str) -> bool:
    """Whether the user has an access token of their own."""
    return any(token.user == name and token.scopes is None for token in hub.all(Token))


def user_by_id(hub: Hub, user_id: str) -> User | None:
    return next((user for user in hub.all(User) if user.id == user_id), None)


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
        "fullname": user.name,
        "emailVerified": True,
        "canPay": True,
        "billingMode": "prepaid",
        "periodEnd": None,
        "isPro": user.is_pro,
        "avatarUrl": "/avatars/none.svg",
        "orgs": [{**_org(org), "roleInOrg": role} for org, role in organisations_of(hub, user)],
        "auth": _auth(caller),
    }
    if caller.may("email"):
        about["email"] = f"{user.name}@localhost"
    return about


def _org(org: User) -> dict[str, object]:
    return {
        "type": "org",
        "id": org.id,
        "name": org.name,
        "fullname": org.name,
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


@router.get("/api/users/{name_or_id}/overview")
def overview(hub: TheHub, name_or_id: str) -> dict[str, object]:
    user = hub.all(User).get(name_or_id) or user_by_id(hub, name_or_id)
    if user is None:
        raise not_found("User", "UserNotFound")
    return {
        **public_card(user),
        "isPro": user.is_pro,
        "type": user.type,
        "createdAt": user.created_at,
        "orgs": [_org(org) for org, _ in organisations_of(hub, user)],
    }


@router.get("/api/organizations/{name}/overview")
def organisation(hub: TheHub, name: str) -> dict[str, object]:
    org = _organisation(hub, name)
    return {**_org(org), "_id": org.id, "createdAt": org.created_at, "numUsers": len(org.members)}


@router.get("/api/organizations/{name}/members")
def members(hub: TheHub, name: str) -> list[dict[str, object]]:
    org = _organisation(hub, name)
    people = (hub.all(User).get(member) for member in org.members)
    return [public_card(user) for user in people if user is not None]


def _organisation(hub: Hub, name: str) -> User:
    org = hub.all(User).get(name) or user_by_id(hub, name)
    if org is None or org.type != "org":
        raise not_found("Organization", "OrganizationNotFound")
    return org


def public_card(user: User) -> dict[str, object]:
    return {
        "_id": user.id,
        "user": user.name,
        "fullname": user.name,
        "avatarUrl": "/avatars/none.svg",
        "type": user.type,
        "isPro": user.is_pro,
    }
