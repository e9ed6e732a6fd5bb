"""Requests to the bot: repeated where that helps, refused in its words, and never readable on their way."""

import re
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import httpx2

from .problems import Refused, Unreachable
from .stream import events_of

TRIES = 5
LONGEST_WAIT = 60.0
ANSWER_SECONDS = 60.0
SILENCE_SECONDS = 45.0
"""A stream says something every quarter of a minute or so; one that says nothing for so long is gone."""
TRY_AGAIN = frozenset({429, 502, 503, 504})
LONGEST_SHOWN = 200
VISIBLE = re.compile(r"(Bearer )?[!-~]+\Z")
"""What a header can hold."""


class Broken(Exception):
    """A stream could not be opened, or broke; the next may not."""


class Wire:
    """`url` is the bot's address. ValueError if what is said there could be read on its way, or not be said
    at all."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url.rstrip("/")
        _never_readable(self._url)
        _can_travel(headers)
        self._http = httpx2.Client(base_url=f"{self._url}/api/", headers=headers, timeout=ANSWER_SECONDS)

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """The answer, if it is good. What may help is tried again, as late as the bot asks for."""
        wait, trouble = 0.0, ""
        for _ in range(TRIES):
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT) or 1.0
            try:
                answer = self._http.request(method, path, **given)
            except httpx2.TransportError as error:
                trouble = self.not_reached(error)
            else:
                if answer.status_code not in TRY_AGAIN or _is_decided(answer):
                    return _good(answer)
                trouble = f"{self._url} answered {answer.status_code} {TRIES} times: {_sentence(answer)}"
                wait = _asked_for(answer, wait)
        raise Unreachable(trouble)

    def listen(self, path: str) -> Iterator[tuple[str, str]]:
        """The kind and the data of each event of a stream, and an empty kind for each sign of life. Broken if
        the stream is."""
        timeout = httpx2.Timeout(ANSWER_SECONDS, read=SILENCE_SECONDS)
        try:
            with self._http.stream("GET", path, timeout=timeout) as answer:
                if answer.status_code in TRY_AGAIN:
                    raise Broken(f"{self._url} answered {answer.status_code}")
                if not answer.is_success:
                    answer.read()
                    raise _refusal(answer)
                yield from events_of(answer.iter_lines())
        except httpx2.TransportError as error:
            raise Broken(self.not_reached(error)) from None

    def not_reached(self, error: Exception) -> str:
        kind = type(error).__name__
        return f"{self._url} could not be reached ({kind}). Is it the bot's address, and is it awake?"


def _good(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success and answer.headers.get("content-type", "").startswith("application/json"):
        return answer
    raise _refusal(answer)


def _refusal(answer: httpx2.Response) -> Refused:
    told = _told(answer)
    return Refused(answer.status_code, told.get("code", ""), _sentence(answer), told.get("request"))


def _is_decided(answer: httpx2.Response) -> bool:
    """A command that was taken and refused stays refused, however often it is sent."""
    return _told(answer).get("request") is not None


def _told(answer: httpx2.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _sentence(answer: httpx2.Response) -> str:
    words = f"This is not the API of a Space Factory: it answered {answer.status_code}. Check the address."
    return str(_told(answer).get("error") or words)


def _asked_for(answer: httpx2.Response, otherwise: float) -> float:
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), LONGEST_WAIT) if asked.isdigit() else otherwise


def _never_readable(url: str) -> None:
    """A key travels encrypted, or does not leave this machine."""
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise ValueError(f"{url[:LONGEST_SHOWN]!r} is no address: {error}.") from None
    is_here = parts.host == "localhost" or _is_loopback(parts.host)
    if parts.scheme == "https" or (parts.scheme == "http" and is_here):
        return
    raise ValueError(f"{url!r} is no https:// address: a key would travel readable.")


def _can_travel(headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if not VISIBLE.match(value):
            raise ValueError(f"What was given for {name} is no key or token: they are one word of ASCII.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
