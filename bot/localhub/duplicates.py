"""Duplicating a repo: a new one with the same commits on `main`."""

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from bot.localhub import gated, spaces, webhook_events
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, ReadableRepo
from bot.localhub.repo_routes import NewRepo, check_creation
from bot.localhub.repos import Commit, Repo, RepoKind, history, key_of, new_repo, web_url
from bot.localhub.state import Hub

router = APIRouter()


class Duplicate(BaseModel):
    """What a Space may be given besides (hardware, secrets…) is read by the Spaces."""

    model_config = ConfigDict(extra="allow")

    repository: str
    visibility: Literal["public", "private", "protected"] | None = None
    private: bool | None = None


@router.post(API + "/duplicate")
def duplicate(hub: TheHub, caller: TheCaller, repo: ReadableRepo, body: Duplicate) -> JSONResponse:
    gated.check(hub, repo, caller)
    wishes: dict[str, Any] = {
        **body.model_dump(),
        "name": body.repository,
        "type": repo.kind,
        "sdk": repo.sdk,
    }
    new = NewRepo.model_validate(wishes)
    check_creation(hub, caller, new, body.repository)
    with hub.at_once():
        existing = hub.all(Repo).get(key_of(repo.kind, body.repository))
        if existing is not None:
            message = f"You already created this {repo.kind} repo: {existing.id}"
            return JSONResponse({"error": message, "url": web_url(hub, existing)}, 409)
        made = _copy(hub, repo, body, caller.user.name)
        if made.kind is RepoKind.SPACE:
            variables = wishes.get("variables") or spaces.copied_variables(hub, repo)
            spaces.created(hub, made, {**wishes, "variables": variables})
    if made.kind is RepoKind.SPACE:
        spaces.pushed(hub, made)
    webhook_events.repo_created(hub, made)
    return JSONResponse({"url": web_url(hub, made), "name": made.id, "id": made.repo_id_hex})


def _is_private(source: Repo, body: Duplicate) -> bool:
    if body.visibility is not None:
        return body.visibility == "private"
    return source.private if body.private is None else body.private


def _copy(hub: Hub, source: Repo, body: Duplicate, by: str) -> Repo:
    if "refs/heads/main" not in source.refs:
        raise HubError(400, "There is nothing on main to duplicate")
    made = new_repo(
        source.kind,
        body.repository,
        private=_is_private(source, body),
        protected=body.visibility == "protected",
        created_by=by,
        sdk=source.sdk,
    )
    for commit in history(hub, source, "refs/heads/main"):
        hub.all(Commit).put(f"{made.repo_id_hex}/{commit.oid}", commit)
    made = made.model_copy(update={"refs": {"refs/heads/main": source.head}})
    return hub.all(Repo).put(made.key, made)
