"""HTTP with a deadline and a limit for what comes back, for services that may be slow, broken or worse."""

import time
from typing import Any

import httpx

TRANSPORT = 10.0
"""Seconds that a connection or one read may take at most."""


class Unavailable(Exception):
    """Another service could not help; its text says why, without its secrets."""


def bearer(key: str) -> dict[str, str]:
    """The header that shows a key."""
    return {"Authorization": " ".join(("Bearer", key))}


def fetch(method: str, url: str, *, seconds: float, most: int, **request: Any) -> bytes:
    """The body of an answer. Unavailable for everything but a success within time and size."""
    deadline = time.monotonic() + seconds
    timeout = httpx.Timeout(seconds, connect=min(TRANSPORT, seconds))
    body = b""
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False) as client,
            client.stream(method, url, **request) as answer,
        ):
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > most:
                    raise Unavailable("it sent too much")
                if time.monotonic() > deadline:
                    raise Unavailable(f"it took longer than {seconds:g} s")
            if not answer.is_success:
                raise Unavailable(f"it answered {answer.status_code}")
    except httpx.TimeoutException:
        raise Unavailable(f"it did not answer within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unavailable(f"it could not be reached ({type(error).__name__})") from None
    return body
