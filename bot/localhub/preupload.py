"""Before a commit, clients ask how each file shall come: inside the commit, or through large-file storage."""

import base64
import binascii
from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from bot.localhub import blobs, git_patterns
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.contributing import find_to_commit
from bot.localhub.repo_paths import API
from bot.localhub.repos import Blob, RepoKind, files_at
from bot.localhub.state import Hub

router = APIRouter()
LARGE = 10 * 1024 * 1024
"""Bytes. Larger files never travel inside a commit."""


class FileToUpload(BaseModel):
    path: str
    size: int
    sample: str = ""
    """The beginning of the file, base64."""


class Preupload(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    files: list[FileToUpload]
    git_ignore: str | None = Field(default=None, alias="gitIgnore")


@router.post(API + "/preupload/{revision:path}")
def preupload(
    hub: TheHub,
    caller: TheCaller,
    kind: RepoKind,
    namespace: str,
    name: str,
    revision: str,
    body: Preupload,
    create_pr: bool = False,
) -> dict[str, object]:
    """Whoever may read a repo may also ask, for a pull request."""
    repo = find_to_commit(hub, kind, f"{namespace}/{name}", caller, revision, create_pr=create_pr)
    present = files_at(hub, repo, revision)
    attributes = text_of(hub, present, ".gitattributes")
    ignore = text_of(hub, present, ".gitignore") if body.git_ignore is None else body.git_ignore

    def answer(file: FileToUpload) -> dict[str, object]:
        known = present.get(file.path)
        return {
            "path": file.path,
            "uploadMode": "lfs" if _is_large(file, attributes) else "regular",
            "shouldIgnore": git_patterns.ignored(ignore, file.path),
            **({} if known is None else {"oid": known.oid}),
        }

    return {"files": [answer(file) for file in body.files]}


def text_of(hub: Hub, files: Mapping[str, Blob], path: str) -> str:
    """A small file's text, "" if there is none."""
    blob = files.get(path)
    return "" if blob is None else blobs.read(hub, blob.oid).decode(errors="replace")


def _is_large(file: FileToUpload, attributes: str) -> bool:
    return file.size > LARGE or git_patterns.large_paths(attributes, file.path) or _is_binary(file.sample)


def _is_binary(sample: str) -> bool:
    try:
        return b"\0" in base64.b64decode(sample)
    except binascii.Error:
        return True
