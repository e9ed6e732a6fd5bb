"""How clients commit: `preupload` says how each file shall come, `commit` takes the changes as ndjson."""

import base64
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ValidationError

from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.commits import Changes, apply
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, WritableRepo
from bot.localhub.repos import files_at, web_url

router = APIRouter()
LARGEST_FILE = 100_000_000
"""Bytes. Files up to here travel inside the commit; larger ones need large-file storage."""


class FileToUpload(BaseModel):
    path: str
    size: int


class Preupload(BaseModel):
    files: list[FileToUpload]


class Header(BaseModel):
    summary: str
    description: str = ""
    parentCommit: str | None = None  # noqa: N815 - the wire's name


class AddedFile(BaseModel):
    path: str
    content: str
    encoding: Literal["utf-8", "base64"] = "utf-8"


class Line(BaseModel):
    key: str
    value: dict[str, Any]


class NamedPath(BaseModel):
    path: str


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post(API + "/preupload/{revision:path}")
def preupload(hub: TheHub, repo: WritableRepo, revision: str, body: Preupload) -> dict[str, Any]:
    present = files_at(hub, repo, revision)

    def answer(file: FileToUpload) -> dict[str, Any]:
        if file.size > LARGEST_FILE:
            raise HubError(
                501, f"The local Hub does not have large-file storage yet: {file.path} has {file.size} bytes"
            )
        known = present.get(file.path)
        oid = {} if known is None else {"oid": known.oid}
        return {"path": file.path, "uploadMode": "regular", "shouldIgnore": False, **oid}

    return {"files": [answer(file) for file in body.files]}


@router.post(API + "/commit/{branch:path}")
def commit(
    hub: TheHub,
    caller: TheCaller,
    repo: WritableRepo,
    branch: str,
    body: Annotated[bytes, Depends(_body)],
    create_pr: bool = False,
) -> dict[str, Any]:
    if create_pr:
        raise HubError(501, "The local Hub does not have pull requests yet")
    branch = branch.removeprefix("refs/heads/")
    new = apply(hub, repo, caller.user.name, read_changes(body), branch=branch)
    return {
        "success": True,
        "commitOid": new.oid,
        "commitUrl": f"{web_url(hub, repo)}/commit/{new.oid}",
        "hookOutput": "",
    }


def read_changes(body: bytes) -> Changes:
    """The changes in an ndjson body: one header, then a line for each file. HubError 400 if it is none."""
    changes: Changes | None = None
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            changes = _read_line(changes, Line.model_validate_json(line))
        except ValueError as error:
            raise HubError(400, f"Line {number} of the commit cannot be read: {_reason(error)}") from None
    if changes is None or not changes.summary.strip():
        raise HubError(400, "A commit needs a summary")
    return changes


def _read_line(changes: Changes | None, line: Line) -> Changes:
    if line.key == "header":
        header = Header.model_validate(line.value)
        return Changes(header.summary, header.description, header.parentCommit)
    if changes is None:
        raise HubError(400, "The first line of a commit must be its header")
    _add_line(changes, line.key, line.value)
    return changes


def _add_line(changes: Changes, key: str, value: dict[str, Any]) -> None:
    match key:
        case "file":
            file = AddedFile.model_validate(value)
            changes.add[file.path] = _content(file)
        case "deletedFile":
            changes.delete.append(NamedPath.model_validate(value).path)
        case "deletedFolder":
            changes.delete_folders.append(NamedPath.model_validate(value).path)
        case "lfsFile":
            raise HubError(
                501, "The local Hub does not have large-file storage yet: send the file in the commit"
            )
        case _:
            raise HubError(400, f"Unknown operation in a commit: {key[:50]!r}")


def _content(file: AddedFile) -> bytes:
    if file.encoding == "base64":
        return base64.b64decode(file.content, validate=True)
    return file.content.encode()


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}".removeprefix(": ")
