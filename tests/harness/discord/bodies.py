"""Reading what a client sends: JSON, or JSON with files beside it, or a form. Anything else is refused."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.harness.discord.errors import invalid, plain, refuse

LARGEST = 10 * 2**20
"""Bytes, of all files of a message together."""


@dataclass(frozen=True)
class Upload:
    """One `files[n]` part."""

    number: str
    filename: str
    content: bytes


async def json_body(request: web.Request) -> Any:
    _expect(request, "application/json")
    return _parsed(await request.read())


async def message_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """The JSON and the files of a message."""
    if request.content_type != "multipart/form-data":
        return await json_body(request), []
    payload, uploads = None, []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name = part.name or ""
        if name == "payload_json":
            payload = _parsed(bytes(await part.read()))
        elif name.startswith("files[") and name.endswith("]"):
            uploads.append(Upload(name[6:-1], part.filename or "unknown.txt", bytes(await part.read())))
        else:
            raise invalid((name,), "UNKNOWN_FIELD", "Discord does not know this field here")
    if sum(len(upload.content) for upload in uploads) > LARGEST:
        raise refuse(40005)
    return {} if payload is None else payload, uploads


async def form_body(request: web.Request) -> dict[str, str]:
    """A form whose fields come once each."""
    _expect(request, "application/x-www-form-urlencoded")
    fields = await request.post()
    if len(set(fields)) != len(fields) or not all(isinstance(value, str) for value in fields.values()):
        raise plain(400, "Bad Request")
    return {name: str(value) for name, value in fields.items()}


def query(request: web.Request, *known: str) -> dict[str, str]:
    """The query, with nothing in it that this route does not know."""
    for name in request.query:
        if name not in known:
            raise invalid((name,), "UNKNOWN_FIELD", "Discord does not know this parameter here")
    return dict(request.query)


def is_true(value: str | None) -> bool:
    return value in {"1", "true", "True"}


def _expect(request: web.Request, kind: str) -> None:
    if request.content_type != kind:
        message = f"Expected \"Content-Type\" header to be one of {{'{kind}'}}."
        raise invalid((), "CONTENT_TYPE_INVALID", message)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise refuse(50109) from None
