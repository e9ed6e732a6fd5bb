"""Who calls: by a key of theirs, or by a token of the Hub that says who they are. Cookies say nothing here.

Whatever is given and not good is refused, also where nothing would have been needed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bot.context import Context
from bot.domain import messages_api
from bot.domain.errors import HubError, HubUnavailable
from bot.domain.models import Requester
from bot.hub.client import HubClient
from bot.store.vault import secret_hash
from bot.web.api.problems import Problem
from bot.web.door import address_of

API_KEY = re.compile(r"^sf_[\w-]{43}\Z", re.ASCII)
HUB_TOKEN = re.compile(r"^hf_[A-Za-z0-9]{16,200}\Z")
"""What a person makes in their settings. An app's token (`hf_oauth_…`) is not one: the app is not them."""
KNOWN_SECONDS = 60.0
"""For how long a token of the Hub is known without asking again."""
MOST_KNOWN = 1000
MOST_STREAMS = 8
"""Of one caller, at once."""
TENTH = 10
"""So much fewer wrong secrets than requests may come from one address."""


@dataclass(frozen=True)
class Caller:
    """Who calls, and with what: `by` is a name of the secret that tells nothing of it."""

    requester: Requester
    by: str
    may_command: bool


class Callers:
    """Counts in memory, for a minute; of a token of the Hub only its hash is remembered."""

    def __init__(self, ctx: Context, each_minute: int) -> None:
        self._ctx = ctx
        self._each = RateLimitItemPerMinute(each_minute)
        self._wrong = RateLimitItemPerMinute(max(1, each_minute // TENTH))
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._known: dict[str, tuple[float, Caller | None]] = {}
        self._streams: Counter[str] = Counter()

    def who(self, request: Request) -> Caller | None:
        """None for who says nothing. Problem for too many requests, and for a secret that is not good.

        The door has counted the address."""
        address = address_of(request)
        key = request.headers.get("x-api-key")
        authorization = request.headers.get("authorization")
        if key is None and authorization is None:
            return None
        if not self._limiter.test(self._wrong, "wrong", address):
            raise Problem(429, "E_RATE", messages_api.too_many_wrong())
        # A private Space takes the Hub's own token in Authorization, before we are asked: the key decides.
        caller = self._of_key(key) if key is not None else self._of_token(authorization or "")
        if caller is None:
            self._limiter.hit(self._wrong, "wrong", address)
            raise Problem(401, "E_KEY", messages_api.not_known(self._ctx.links))
        if not self._limiter.hit(self._each, "caller", caller.requester.id):
            raise Problem(429, "E_RATE", messages_api.too_often(self._each.amount))
        return caller

    @contextmanager
    def streaming(self, name: str) -> Iterator[None]:
        """Problem if this caller follows too much at once."""
        if self._streams[name] >= MOST_STREAMS:
            raise Problem(429, "E_RATE", messages_api.too_many_streams(MOST_STREAMS))
        self._streams[name] += 1
        try:
            yield
        finally:
            self._streams[name] -= 1
            self._streams += Counter()  # drops names that count nothing

    def _of_key(self, key: str) -> Caller | None:
        if not API_KEY.match(key):
            return None
        row = self._ctx.api_keys.use(secret_hash(key), self._ctx.clock())
        return (
            Caller(Requester(id=row.user_id, name=row.user_name), row.id, may_command=True) if row else None
        )

    def _of_token(self, authorization: str) -> Caller | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not HUB_TOKEN.match(token):
            return None
        hashed, now = secret_hash(token), self._ctx.clock()
        until, caller = self._known.get(hashed, (0.0, None))
        if until < now:
            caller = _asked_at_hub(self._ctx, token)
            self._remember(hashed, now + KNOWN_SECONDS, caller)
        return caller

    def _remember(self, hashed: str, until: float, caller: Caller | None) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[hashed] = (until, caller)


def _asked_at_hub(ctx: Context, token: str) -> Caller | None:
    try:
        person = HubClient(ctx.links.hub, token).person()
    except (HubUnavailable, HubError):
        raise Problem(503, "E_HUB", messages_api.hub_is_away()) from None
    if person is None:
        return None
    user_id, name, may_start_jobs = person
    return Caller(Requester(id=user_id, name=name), "hub token", may_start_jobs)


def _anybody(
    request: Request,
    _key: Annotated[str | None, Security(APIKeyHeader(name="x-api-key", auto_error=False))],
    _token: Annotated[object, Security(HTTPBearer(auto_error=False))],
) -> Caller | None:
    callers: Callers = request.app.state.callers
    return callers.who(request)


def _somebody(request: Request, caller: Annotated[Caller | None, Depends(_anybody)]) -> Caller:
    if caller is None:
        raise Problem(401, "E_KEY", messages_api.key_needed(request.app.state.ctx.links))
    return caller


def _commander(caller: Annotated[Caller, Depends(_somebody)]) -> Caller:
    if not caller.may_command:
        raise Problem(403, "E_SCOPE", messages_api.token_may_only_look())
    return caller


Anybody = Annotated[Caller | None, Depends(_anybody)]
"""Whoever: what is public, they may see."""
Somebody = Annotated[Caller, Depends(_somebody)]
Commander = Annotated[Caller, Depends(_commander)]
"""Who may have things done."""
