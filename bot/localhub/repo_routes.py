"""Creating, deleting and setting up repos, and asking whether one may enter."""

import re
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from bot.localhub import discussions, gated, plans, spaces, volumes, webhook_events
from bot.localhub.accounts import Caller, MaybeCaller, TheCaller, TheHub
from bot.localhub.commits import first_commit
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, ReadableRepo, WritableRepo
from bot.localhub.repos import Commit, Repo, RepoKind, change, find, key_of, new_repo, web_url
from bot.localhub.state import Hub

router = APIRouter()
STARTERS = Path(__file__).parent / "starters"
_NAME = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?", re.ASCII)


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
    visibility: Literal["public", "private", "protected"] | None = None
    sdk: Literal["gradio", "docker", "static", "streamlit"] | None = None

    @property
    def is_private(self) -> bool:
        return self.visibility == "private" or (self.visibility is None and bool(self.private))


class Settings(BaseModel):
    private: bool | None = None
    visibility: Literal["public", "private", "protected"] | None = None
    gated: Literal["auto", "manual", False] | None = None


@router.post("/api/repos/create")
def create_repo(hub: TheHub, caller: TheCaller, body: NewRepo) -> JSONResponse:
    repo_id = body.id_for(caller)
    check_creation(hub, caller, body, repo_id)
    with hub.lock:
        existing = hub.all(Repo).get(key_of(body.type, repo_id))
        if existing is not None:
            message = f"You already created this {body.type} repo: {repo_id}"
            return JSONResponse({"error": message, "url": web_url(hub, existing)}, 409)
        repo = create(
            hub,
            body.type,
            repo_id,
            caller.user.name,
            private=body.is_private,
            app=caller.token.app,
            sdk=body.sdk,
        )
    if repo.kind is RepoKind.SPACE:
        spaces.created(hub, repo, body.model_dump())
    webhook_events.repo_created(hub, repo)
    return JSONResponse({"url": web_url(hub, repo), "name": repo.id, "id": repo.repo_id_hex})


def create(
    hub: Hub,
    kind: RepoKind,
    repo_id: str,
    by: str,
    *,
    private: bool = False,
    app: str | None = None,
    sdk: str | None = None,
) -> Repo:
    """Make the repo with the files that the Hub puts into a new one. Whether it may be is already checked."""
    repo = new_repo(kind, repo_id, private=private, created_by=by, app=app, sdk=sdk)
    files = {".gitattributes": (STARTERS / "gitattributes").read_bytes()}
    if kind is RepoKind.SPACE:
        readme = (STARTERS / "space_readme.md").read_text(encoding="utf-8")
        files["README.md"] = readme.format(title=repo.name, sdk=sdk).encode()
    return first_commit(hub, repo, by, files)


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
        plans.check_new_space(hub, body.sdk, wishes.hardware)
        volumes.check(hub, caller, wishes.volumes)
    if body.visibility == "protected":
        raise HubError(501, "The local Hub does not have protected repos yet")


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
    for oid in {commit.oid for commit in hub.all(Commit)}:
        hub.all(Commit).delete(f"{repo.repo_id_hex}/{oid}")


@router.put(API + "/settings")
def change_settings(hub: TheHub, caller: TheCaller, repo: WritableRepo, body: Settings) -> dict[str, Any]:
    caller.require("manage-repos")
    changes: dict[str, Any] = {}
    match body.visibility:
        case "protected":
            raise HubError(501, "The local Hub does not have protected repos yet")
        case "public" | "private":
            changes["private"] = body.visibility == "private"
        case None if body.private is not None:
            changes["private"] = body.private
    if body.gated is not None:
        changes["gated"] = body.gated
    repo = change(hub, repo, **changes)
    webhook_events.config_updated(
        hub, repo, {key: value for key, value in changes.items() if key == "private"}
    )
    return {"private": repo.private, "gated": repo.gated}


@router.get(API + "/auth-check")
def may_enter(hub: TheHub, caller: MaybeCaller, repo: ReadableRepo) -> dict[str, bool]:
    gated.check(hub, repo, caller)
    return {"success": True}


@router.get(API + "/auth-check/write")
def may_change(_repo: WritableRepo) -> dict[str, bool]:
    return {"success": True}
