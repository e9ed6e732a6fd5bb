"""The requester's Hub as the worker uses it: one token, always passed by hand, with timeouts and retries."""

import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

import httpx2
from huggingface_hub import HfApi, constants, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import (
    default_client_factory,
    get_session,
    hf_raise_for_status,
    parse_ratelimit_headers,
)

R = TypeVar("R")

TIMEOUT = httpx2.Timeout(30, connect=10)
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
TRIES = 5
LONGEST_WAIT = 60.0
"""Seconds. The run's own budget ends a wait that is too long."""


class Hub:
    """The Hub as one person sees it. Without an address it is the one that HF_ENDPOINT names."""

    def __init__(self, token: str, endpoint: str = constants.ENDPOINT) -> None:
        set_client_factory(_client_with_timeout)
        self.token = token
        self.endpoint = endpoint
        self.api = HfApi(endpoint=self.endpoint, token=token)

    def call(self, request: Callable[[], R]) -> R:
        """The answer to a request that is safe to repeat; asked again while the Hub is busy or away.

        huggingface_hub retries downloads and uploads by itself, but none of its other calls.
        """
        for again in range(TRIES - 1):
            try:
                return request()
            except HfHubHTTPError as error:
                if error.response.status_code not in RETRIED:
                    raise
                time.sleep(min(_wait_asked_for(error.response.headers) or 2.0**again, LONGEST_WAIT))
            except httpx2.TransportError:
                time.sleep(2.0**again)
        return request()

    def read(self, model_id: str, revision: str, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a model's file."""
        return self.call(lambda: self._read(model_id, revision, path, limit))

    def read_of_space(self, space_id: str, revision: str, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a Space's file."""
        return self.call(lambda: self._read(f"spaces/{space_id}", revision, path, limit))

    def _read(self, repo: str, revision: str, path: str, limit: int) -> bytes:
        url = f"{self.endpoint}/{repo}/resolve/{revision}/{quote(path)}"
        body = b""
        with get_session().stream("GET", url, headers=build_hf_headers(token=self.token)) as response:
            if response.is_error:
                response.read()  # the error's text is in the body
            hf_raise_for_status(response)
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= limit:
                    break
        return body[:limit]


def _client_with_timeout() -> httpx2.Client:
    client = default_client_factory()
    client.timeout = TIMEOUT
    return client


def _wait_asked_for(headers: httpx2.Headers) -> float | None:
    """Seconds the Hub asks us to wait, out of `RateLimit` or `Retry-After`."""
    limit = parse_ratelimit_headers(headers)
    if limit and limit.remaining == 0:
        return limit.reset_in_seconds + 1.0
    wait = headers.get("retry-after", "")
    return float(wait) if wait.isdigit() else None
