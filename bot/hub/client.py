"""`HubClient`: the Hub as one identity sees it, with timeouts and our own two kinds of refusal.

huggingface_hub waits for ever by default and retries some calls and not others. Here no call is retried:
whoever calls is repeatable and comes back later, at the time the Hub asks for.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx2
from huggingface_hub import HfApi, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import default_client_factory, get_session, parse_ratelimit_headers

from bot.domain.errors import HubError, HubUnavailable, TokenGone

TIMEOUT = httpx2.Timeout(20, connect=5)
"""Seconds, where nothing else is set."""
JOB_RIGHTS = frozenset({"job.write", "jobs"})
TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


def bound_all_calls(seconds: float) -> None:
    """Give every call of huggingface_hub in this process a timeout. Called once, in the composition root."""
    timeout = httpx2.Timeout(seconds, connect=min(seconds, 5.0))
    set_client_factory(partial(_client_with_timeout, timeout))


class WouldChange(Exception):
    """Something other than a look was about to be asked of the Hub, where only looking is wanted."""


def only_look(seconds: float) -> None:
    """From now on no call of this process changes anything on the Hub."""
    set_client_factory(partial(_client_that_only_looks, httpx2.Timeout(seconds)))


def _client_that_only_looks(timeout: httpx2.Timeout) -> httpx2.Client:
    client = _client_with_timeout(timeout)
    hooks = client.event_hooks
    client.event_hooks = {**hooks, "request": [_refuse_change, *hooks.get("request", [])]}
    return client


def _refuse_change(request: httpx2.Request) -> None:
    if request.method not in {"GET", "HEAD"}:
        raise WouldChange(f"{request.method} {request.url.path}")


def _client_with_timeout(timeout: httpx2.Timeout) -> httpx2.Client:
    client = default_client_factory()
    client.timeout = timeout
    return client


class HubClient:
    """HfApi bound to one endpoint and one token."""

    def __init__(self, endpoint: str, token: str) -> None:
        self.api = HfApi(endpoint=endpoint, token=token)
        self.endpoint = endpoint
        self._token = token

    def whoami(self) -> tuple[str, str]:
        """(id, name) of this identity. TokenGone if the Hub does not know it."""
        me = self._me()
        return str(me["id"]), str(me["name"])

    def person(self) -> tuple[str, str, bool] | None:
        """(id, name, whether it may start Jobs) of the person whose own token this is. None if the Hub does
        not know it, if it is an organisation's, or if an app was given it: that app is not the person."""
        try:
            me = self._me()
        except TokenGone:
            return None
        if me.get("type") != "user" or me.get("auth", {}).get("type") != "access_token":
            return None
        return str(me["id"]), str(me["name"]), may_start_jobs(me["auth"].get("accessToken", {}))

    def user_id(self, name: str) -> str | None:
        """The immutable id of the user who has this name now."""
        with hub_trouble():
            return self.api.get_user_overview(name).__dict__.get("_id")

    def organisations(self, roles: set[str] | None = None) -> set[str]:
        """Names of the organisations of this identity, those in which it has one of these roles."""
        orgs = self._me().get("orgs", [])
        return {str(org["name"]) for org in orgs if roles is None or org.get("roleInOrg") in roles}

    def is_known(self) -> bool:
        """Whether the Hub still takes this token."""
        try:
            self._me()
        except TokenGone:
            return False
        return True

    def _me(self) -> dict[str, Any]:
        try:
            with hub_trouble():
                return self.api.whoami()
        except HubError as error:
            if error.status == 401:  # there is nothing else to be refused here
                raise TokenGone(error.message) from None
            raise

    def get_bytes(self, path: str, limit: int) -> bytes | None:
        """A file by its path on the Hub, at most `limit` bytes of it; None if there is none."""
        headers = build_hf_headers(token=self._token)
        with (
            hub_trouble(),
            get_session().stream("GET", f"{self.endpoint}{path}", headers=headers) as response,
        ):
            if response.status_code == 404:
                return None
            if response.status_code >= 400:
                raise refusal(response.status_code, "the file could not be read", response.headers)
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= limit:
                    break
            return body[:limit]


def may_start_jobs(token: Mapping[str, Any]) -> bool:
    """Whether a token, as `whoami` describes it, could have started a Job of its owner's without us."""
    fine = token.get("fineGrained") or {}
    own = [each for each in fine.get("scoped", []) if each.get("entity", {}).get("type") == "user"]
    scoped = [right for each in own for right in each.get("permissions", [])]
    return token.get("role") == "write" or not JOB_RIGHTS.isdisjoint([*scoped, *fine.get("global", [])])


@contextmanager
def hub_trouble() -> Iterator[None]:
    """Turn what the client raises into our words. The cause is dropped: its request carries the token."""
    try:
        yield
    except HfHubHTTPError as error:
        message = error.server_message or "no reason given"
        trouble = refusal(error.response.status_code, message, error.response.headers)
    except (httpx2.TransportError, OSError) as error:
        trouble = HubUnavailable(f"the Hub could not be reached ({type(error).__name__})")
    except (KeyError, json.JSONDecodeError) as error:
        # The client reads an answer as if it were what was promised.
        trouble = HubUnavailable(f"the Hub's answer could not be read ({type(error).__name__})")
    else:
        return
    raise trouble from None


def refusal(status: int, message: str, headers: httpx2.Headers) -> Exception:
    """What an answer of this status means to us."""
    if status in TRY_LATER:
        return HubUnavailable(f"the Hub answered {status}", wait_asked_for(headers))
    if status == 401 and ("credentials" in message or "expired" in message.lower()):
        return TokenGone(message)
    return HubError(status, message)


def wait_asked_for(headers: httpx2.Headers) -> float | None:
    """Seconds the Hub asks us to wait, out of `RateLimit` or `Retry-After`."""
    limit = parse_ratelimit_headers(headers)
    if limit and limit.remaining == 0:
        return limit.reset_in_seconds + 1.0
    wait = headers.get("retry-after", "")
    return float(wait) if wait.isdigit() else None
