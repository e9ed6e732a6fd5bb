"""Talks to a running Gradio app: its API schema, and one call per fresh client, each with a deadline."""

import os
import tempfile
import time
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path

from gradio_client import Client, handle_file
from pydantic import BaseModel, ConfigDict, JsonValue

TIMEOUT = 60.0
"""Seconds that a single HTTP read may take; Gradio sends a heartbeat every 15."""


class Parameter(BaseModel):
    """One input of an endpoint, as the API schema describes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parameter_name: str
    component: str
    label: str | None = None
    parameter_has_default: bool = False
    parameter_default: JsonValue = None


class Endpoint(BaseModel):
    """One named endpoint."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parameters: tuple[Parameter, ...] = ()


class Reply(BaseModel):
    """What one call came to: an output, or the error in the app's own words."""

    model_config = ConfigDict(frozen=True)

    output: JsonValue = None
    error: str | None = None
    seconds: float


class AppClient:
    """A running app at an address. The token opens a private Space and never reaches the app's code."""

    def __init__(self, host: str, token: str | None, call_seconds: float = 120) -> None:
        os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
        self._host = host
        # False keeps gradio_client from looking for a token on this machine.
        self._token = token or False
        self._call_seconds = call_seconds

    def schema(self) -> dict[str, JsonValue]:
        """The API schema as the app gives it."""
        client = self._open()
        try:
            schema = client.view_api(print_info=False, return_format="dict")
        finally:
            client.close()
        return schema if isinstance(schema, dict) else {}

    def call(self, endpoint: str, inputs: dict[str, JsonValue | Path]) -> Reply:
        """Call an endpoint by name; a Path is uploaded. Every failure is a Reply with its error."""
        started = time.monotonic()
        given = {name: handle_file(str(v)) if isinstance(v, Path) else v for name, v in inputs.items()}
        try:
            client = self._open()
            try:
                output = client.submit(api_name=endpoint, **given).result(timeout=self._call_seconds)
            finally:
                client.close()
        except NotInTime:
            error = f"no answer within {self._call_seconds:.0f} s"
        except Exception as problem:  # the app's errors come as any type, and all are findings
            error = f"{type(problem).__name__}: {problem}"
        else:
            return Reply(output=_plain(output), seconds=round(time.monotonic() - started, 3))
        return Reply(error=error[:500], seconds=round(time.monotonic() - started, 3))

    def _open(self) -> Client:
        return Client(
            self._host,
            token=self._token,
            verbose=False,
            analytics_enabled=False,
            httpx_kwargs={"timeout": TIMEOUT},
            download_files=tempfile.mkdtemp(prefix="answers-"),
        )


def endpoints_of(schema: dict[str, JsonValue]) -> dict[str, Endpoint]:
    """The named endpoints of an API schema; what cannot be understood is left out."""
    named = schema.get("named_endpoints")
    if not isinstance(named, dict):
        return {}
    found = {}
    for name, described in named.items():
        try:
            found[name] = Endpoint.model_validate(described)
        except ValueError:
            continue
    return found


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
