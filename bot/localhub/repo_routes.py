"""Creating, deleting and setting up repos, and asking whether one may enter."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from bot.localhub import discussions, gated, plans, spaces, volumes, webhook_events
from bot.localhub.accounts import Caller, MaybeCaller, TheCaller, TheHub, is_private_unasked
from bot.localhub.commit_files import AddedFile, content_of
from bot.localhub.commits import check_path, first_commit
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, ReadableRepo, WritableRepo
from bot.localhub.repos import Commit, Repo, RepoKind, change, find, key_of, new_repo, web_url
from bot.localhub.state import Hub

router = APIRouter()
STARTERS = Path(__file__).parent / "starters"
_NAME = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?", re.ASCII)


Visibility = Literal["public", "private", "protected"]


class NamedRepo(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str
    organization: str | None = None
    type: RepoKind = RepoKind.MODEL

    def id_for(self, caller: Caller) -> str:
        if "/" in self.name and self.organization is None:
            return self.name
        return f"{self.organization or caller.user.name}/{self.name}"


class NewRepo(NamedRepo):
    private: bool | None = None
    visibility: Visibility | None = None
    sdk: Literal["gradio", "docker", "static", "streamlit"] | None = None
    license: str | None = None
    files: list[AddedFile] = []
    """What the first commit holds besides the Hub's own files."""

    def wants_private(self, hub: Hub, owner: str) -> bool:
        if self.visibility is not None:
            return self.visibility == "private"
        return is_private_unasked(hub, owner) if self.private is None else self.private


class Settings(BaseModel):
    private: bool | None = None
    visibility: Visibility | None = None
    gated: Literal["auto", "manual", False] | None = None


@router.post("/api/repos/create")
def create_repo(hub: TheHub, caller: TheCaller, body: NewRepo) -> JSONResponse:
    repo_id = body.id_for(caller)
    check_creation(hub, caller, body, repo_id)
    with hub.at_once():
        existing = hub.all(Repo).get(key_of(body.type, repo_id))
        if existing is not None:
            message = f"You already created this {body.type} repo: {repo_id}"
            return JSONResponse({"error": message, "url": web_url(hub, existing)}, 409)
        wanted = new_repo(
            body.type,
            repo_id,
            private=body.wants_private(hub, repo_id.partition("/")[0]),
            protected=body.visibility == "protected",
            created_by=caller.user.name,
            app=caller.token.app,
            sdk=body.sdk,
        )
        repo = create(hub, wanted, _files_in(body))
        if repo.kind is RepoKind.SPACE:
            spaces.created(hub, repo, body.model_dump())
    webhook_events.repo_created(hub, repo)
    return JSONResponse({"url": web_url(hub, repo), "name": repo.id, "id": repo.repo_id_hex})


def create(hub: Hub, repo: Repo, files: Mapping[str, bytes] = MappingProxyType({})) -> Repo:
    """Store a new repo with these files beside the Hub's own. Whether it may be is already checked."""
    starters = {".gitattributes": (STARTERS / "gitattributes").read_bytes()}
    if repo.kind is RepoKind.SPACE:
        readme = (STARTERS / "space_readme.md").read_text(encoding="utf-8")
        starters["README.md"] = readme.format(title=repo.name, sdk=repo.sdk).encode()
    return first_commit(hub, repo, repo.created_by, {**starters, **files})


def _files_in(body: NewRepo) -> dict[str, bytes]:
    files = {file.path: content_of(file) for file in body.files}
    for path in files:
        check_path(path)
    if body.license and body.type is not RepoKind.SPACE:
        files.setdefault("README.md", f"---\nlicense: {json.dumps(body.license)}\n---\n".encode())
    return files


def check_creation(hub: Hub, caller: Caller, body: NewRepo, repo_id: str) -> None:
    caller.require("manage-repos", "contribute-repos")
    namespace, _, name = repo_id.partition("/")
    check_name(name)
    if not caller.may_change(hub, namespace):
        raise HubError(
            403, f'You don\'t have the rights to create a {body.type} under the namespace "{namespace}"'
        )
    if body.type is RepoKind.SPACE and body.sdk is None:
        raise HubError(400, "A Space needs an sdk: gradio, docker, static or streamlit")
    if body.type is RepoKind.SPACE:
        wishes = spaces.wishes_in(body.model_dump())
        plans.check_new_space(hub, namespace, body.sdk, wishes.hardware)
        volumes.check(hub, caller, wishes.volumes)
    _check_visibility(body.type, body.visibility)


def _check_visibility(kind: RepoKind, visibility: Visibility | None) -> None:
    if visibility == "protected" and kind is not RepoKind.SPACE:
        raise HubError(400, "Only Spaces can be protected: use public or private")


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise HubError(400, f"Invalid repo name {name[:100]!r}: use 1 to 96 letters, digits, '-', '_' or '.'")


@router.delete("/api/repos/delete")
def delete_repo(hub: TheHub, caller: TheCaller, body: NamedRepo) -> dict[str, bool]:
    repo = find(hub, body.type, body.id_for(caller), caller, write=True)
    caller.require("manage-repos")
    if repo.kind is RepoKind.SPACE:
        spaces.deleted(hub, repo)
    with hub.lock:
        hub.all(Repo).delete(repo.key)
        _forget_contents(hub, repo)
    webhook_events.repo_deleted(hub, repo)
    return {"success": True}


def _forget_contents(hub: Hub, repo: Repo) -> None:
    for discussion in discussions.discussions_of(hub, repo):
        hub.all(discussions.Discussion).delete(discussion.key)
    for key, _ in hub.all(Commit).items():
        if key.startswith(f"{repo.repo_id_hex}/"):
            hub.all(Commit).delete(key)


@router.put(API + "/settings")
def change_settings(hub: TheHub, caller: TheCaller, repo: WritableRepo, body: Settings) -> dict[str, Any]:
    caller.require("manage-repos")
    _check_visibility(repo.kind, body.visibility)
    changes: dict[str, Any] = {}
    if body.visibility is not None:
        changes = {"private": body.visibility != "public", "protected": body.visibility == "protected"}
    elif body.private is not None:
        changes = {"private": body.private, "protected": False}
    if body.gated is not None:
        changes["gated"] = body.gated
    repo = change(hub, repo, **changes)
    webhook_events.config_updated(
        hub, repo, {key: value for key, value in changes.items() if key == "private"}
    )
    return {"private": repo.private, "visibility": repo.visibility, "gated": repo.gated}


@router.get(API + "/auth-check")
def may_enter(hub: TheHub, caller: MaybeCaller, repo: ReadableRepo) -> dict[str, bool]:
    gated.check(hub, repo, caller)
    return {"success": True}


@router.get(API + "/auth-check/write")
def may_change(_repo: WritableRepo) -> dict[str, bool]:
    return {"success": True}
