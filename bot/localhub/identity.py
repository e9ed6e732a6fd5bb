"""Who stands behind a request, as the journal and the limits see it: a kind and a name, never a token."""

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.types import Scope

from bot.localhub.accounts import caller_of, hub_of, token_in
from bot.localhub.errors import HubError
from bot.localhub.oauth_records import app_of
from bot.localhub.sessions import browser_session


class Kind(StrEnum):
    ANONYMOUS = "anonymous"
    TOKEN = "token"  # noqa: S105 - the kind, not a token
    OAUTH = "oauth"
    BROWSER = "browser"
    UNKNOWN = "unknown"
    """A token that nobody has, or that has ended."""


@dataclass(frozen=True)
class Identity:
    """`user` is a name, `user_id` the id that never changes, `app` the name of the OAuth app."""

    kind: Kind
    user: str | None = None
    user_id: str | None = None
    app: str | None = None


def identity_of(scope: Scope) -> Identity:
    """The identity behind a request. It is looked up once and kept with the request."""
    state = scope.setdefault("state", {})
    if "identity" not in state:
        state["identity"] = _look_up(Request(scope))
    found = state["identity"]
    assert isinstance(found, Identity)
    return found


def _look_up(request: Request) -> Identity:
    hub, value = hub_of(request), token_in(request)
    if not value:
        user = browser_session(request)
        return Identity(Kind.BROWSER, user.name, user.id) if user else Identity(Kind.ANONYMOUS)
    try:
        caller = caller_of(hub, value)
    except HubError:
        return Identity(Kind.UNKNOWN)
    app = app_of(hub, caller.token.app) if caller.token.app else None
    kind = Kind.OAUTH if app else Kind.TOKEN
    return Identity(kind, caller.user.name, caller.user.id, app.name if app else None)
