"""Talks to a running Gradio app: what it offers, and one call per fresh client, each with a deadline.

A client is fresh for each call, because a conversation's history lives in the client's session.
"""

import os
import re
import time
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path
from typing import Any

from gradio_client import Client, handle_file
from pydantic import BaseModel, ConfigDict, JsonValue

from worker.validate.app import App, read_app
from worker.validate.downloads import Downloads

TIMEOUT = 60.0
"""Seconds that a single HTTP read may take; Gradio sends a heartbeat every 15."""
LONGEST_ERROR = 500
PREFIX = re.compile(r"[\w/-]*")
"""A path on the same machine."""


class Reply(BaseModel):
    """What one call came to: an output, or the error in the app's own words."""

    model_config = ConfigDict(frozen=True)

    output: JsonValue = None
    """Of a generator the last one; of an endpoint with several outputs a list. A file is its local path."""
    files: tuple[Path, ...] = ()
    """The files of the output."""
    error: str | None = None
    seconds: float


class AppClient:
    """A running app at an address. The token opens a private Space and is sent to no other address.

    Files of answers are put into `folder`, which is the caller's to remove; without one they stay there.
    """

    def __init__(
        self, host: str, token: str | None, call_seconds: float = 120, folder: Path | None = None
    ) -> None:
        os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
        self._host = host
        # False keeps gradio_client from looking for a token on this machine.
        self._token = token or False
        self._call_seconds = call_seconds
        self._folder = folder

    def app(self) -> App:
        """What the app offers."""
        client = self._open()
        try:
            return read_app(client.view_api(print_info=False, return_format="dict"), client.config)
        finally:
            client.close()

    def call(self, endpoint: str, inputs: dict[str, JsonValue | Path]) -> Reply:
        """Call an endpoint by name; a Path is uploaded. Every failure is a Reply with its error."""
        started = time.monotonic()
        files: tuple[Path, ...] = ()
        output: JsonValue = None
        error = None
        try:
            given = {name: handle_file(str(v)) if isinstance(v, Path) else v for name, v in inputs.items()}
            client = self._open()
            try:
                started = time.monotonic()
                said = client.submit(api_name=endpoint, **given).result(timeout=self._call_seconds)
                seconds = time.monotonic() - started
                output, files = self._fetched(client, said)
            finally:
                client.close()
        except NotInTime:
            error = f"no answer within {self._call_seconds:.0f} s"
        except Exception as problem:  # the app's errors come as any type, and all are findings
            error = f"{type(problem).__name__}: {problem}"[:LONGEST_ERROR]
        if error:
            return Reply(error=error, seconds=round(time.monotonic() - started, 3))
        return Reply(output=output, files=files, seconds=round(seconds, 3))

    def _fetched(self, client: Client, said: Any) -> tuple[JsonValue, tuple[Path, ...]]:
        if self._folder is None:
            return _plain(said), ()
        downloads = Downloads(client.src_prefixed, client.headers, self._folder)
        output = downloads.replaced(said)
        return _plain(output), tuple(downloads.files)

    def _open(self) -> Client:
        return _Client(
            self._host,
            token=self._token,
            verbose=False,
            analytics_enabled=False,
            httpx_kwargs={"timeout": TIMEOUT},
            download_files=False,
        )


class _Client(Client):  # type: ignore[misc]  # the library has no types
    """Stays with the app's own address, whatever its configuration says: each request carries the token."""

    def _get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super()._get_config()
        prefix = config.get("api_prefix", "")
        if not isinstance(prefix, str) or not PREFIX.fullmatch(prefix):
            raise ValueError(f"the app sends its callers to {str(prefix)[:100]!r}")
        return config


def _plain(value: object) -> JsonValue:
    """An output as JSON has it."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value.encode(errors="replace").decode()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case _:
            return _plain(str(value))
