"""`HubClient`: the Hub as one identity sees it, with timeouts and our own two kinds of refusal.

huggingface_hub waits for ever by default and retries some calls and not others. Here no call is retried:
whoever calls is repeatable and comes back later, at the time the Hub asks for.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from huggingface_hub import HfApi, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import default_client_factory, get_session, parse_ratelimit_headers

from bot.domain.errors import HubError, HubUnavailable, TokenGone

TIMEOUT = httpx2.Timeout(20, connect=5)
TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


def bound_all_calls() -> None:
    """Give every call of huggingface_hub in this process a timeout. Called once, in the composition root."""
    set_client_factory(_client_with_timeout)


def _client_with_timeout() -> httpx2.Client:
    client = default_client_factory()
    client.timeout = TIMEOUT
    return client


class HubClient:
    """HfApi bound to one endpoint and one token."""

    def __init__(self, endpoint: str, token: str) -> None:
        self.api = HfApi(endpoint=endpoint, token=token)
        self.endpoint = endpoint
        self._token = token

    def whoami(self) -> tuple[str, str]:
        """(id, name) of this identity."""
        with hub_trouble():
            me = self.api.whoami()
        return str(me["id"]), str(me["name"])

    def user_id(self, name: str) -> str | None:
        """The immutable id of the user who has this name now."""
        with hub_trouble():
            return self.api.get_user_overview(name).__dict__.get("_id")

    def organisations(self, roles: set[str] | None = None) -> set[str]:
        """Names of the organisations of this identity, those in which it has one of these roles."""
        with hub_trouble():
            orgs = self.api.whoami().get("orgs", [])
        return {str(org["name"]) for org in orgs if roles is None or org.get("roleInOrg") in roles}

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
    else:
        return
    raise trouble from None


def refusal(status: int, message: str, headers: httpx2.Headers) -> Exception:
    """What an answer of this status means to us."""
    if status in TRY_LATER:
        return HubUnavailable(f"the Hub answered {status}", _retry_after(headers))
    if status == 401 and ("credentials" in message or "expired" in message.lower()):
        return TokenGone(message)
    return HubError(status, message)


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds the Hub asks us to wait, out of `RateLimit` or `Retry-After`."""
    limit = parse_ratelimit_headers(headers)
    if limit and limit.remaining == 0:
        return limit.reset_in_seconds + 1.0
    wait = headers.get("retry-after", "")
    return float(wait) if wait.isdigit() else None
