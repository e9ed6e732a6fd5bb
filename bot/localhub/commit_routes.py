"""How clients commit: the changes come as ndjson, a header and then a line for each file."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, ValidationError

from bot.localhub import large_arrivals, pull_requests
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.commit_files import AddedFile, content_of
from bot.localhub.commits import Changes, full_ref
from bot.localhub.contributing import CommittableRepo
from bot.localhub.discussion_records import discussion_url
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, ReadableRepo
from bot.localhub.repos import Blob, web_url

router = APIRouter()


class Header(BaseModel):
    summary: str
    description: str = ""
    parentCommit: str | None = None  # noqa: N815 - the wire's name


class LargeFileLine(BaseModel):
    path: str
    algo: Literal["sha256"] = "sha256"
    oid: str = Field(pattern="^[0-9a-f]{64}$")


class Line(BaseModel):
    key: str
    value: dict[str, Any]


class NamedPath(BaseModel):
    path: str


async def _changes(request: Request, hub: TheHub, caller: TheCaller, repo: ReadableRepo) -> Changes:
    """What the body asks for, with its large files in place."""
    changes = read_changes(await request.body())
    changes.large = await large_arrivals.settle(hub, repo, caller, changes.large)
    return changes


@router.post(API + "/commit/{branch:path}")
def commit(
    hub: TheHub,
    caller: TheCaller,
    repo: CommittableRepo,
    branch: str,
    changes: Annotated[Changes, Depends(_changes)],
    create_pr: bool = False,
) -> dict[str, Any]:
    """Commit to a branch or a pull request, or with `create_pr` propose the changes to a branch."""
    web, ref = web_url(hub, repo), full_ref(branch)
    proposed: dict[str, Any] = {}
    if create_pr:
        opened, new = pull_requests.propose(hub, repo, caller.user, changes, base=ref)
        proposed["pullRequestUrl"] = f"{web}{discussion_url(opened)}"
    else:
        new = pull_requests.push(hub, repo, caller.user, changes, ref)
    return {
        "success": True,
        "commitOid": new.oid,
        "commitUrl": f"{web}/commit/{new.oid}",
        "hookOutput": "",
        **proposed,
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
            changes.add[file.path] = content_of(file)
        case "deletedFile":
            changes.delete.append(NamedPath.model_validate(value).path)
        case "deletedFolder":
            changes.delete_folders.append(NamedPath.model_validate(value).path)
        case "lfsFile":
            large = LargeFileLine.model_validate(value)
            changes.large[large.path] = Blob(path=large.path, oid=large.oid, size=0, lfs=True)
        case _:
            raise HubError(400, f"Unknown operation in a commit: {key[:50]!r}")


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}".removeprefix(": ")
