"""Renaming a repo or giving it to another owner; who still asks under the old name is sent on."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from bot.localhub import spaces, webhook_events
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.bucket_moves import move_bucket
from bot.localhub.errors import HubError
from bot.localhub.move_records import RepoMoved, remember
from bot.localhub.repo_routes import check_name
from bot.localhub.repos import Repo, RepoKind, current, find, key_of
from bot.localhub.state import Hub
from bot.localhub.webhook_records import WatchedItem, Webhook

router = APIRouter()


class Move(BaseModel):
    from_id: str = Field(alias="fromRepo")
    to_id: str = Field(alias="toRepo")
    type: RepoKind | Literal["bucket"] = RepoKind.MODEL


@router.post("/api/repos/move")
def move_repo(hub: TheHub, caller: TheCaller, body: Move) -> dict[str, str]:
    caller.require("manage-repos")
    if body.type == "bucket":
        return {"url": move_bucket(hub, caller, body.from_id, body.to_id)}
    repo = find(hub, body.type, body.from_id, caller, write=True)
    namespace, _, name = body.to_id.partition("/")
    check_name(name)
    if not caller.may_change(hub, namespace):
        raise HubError(403, f"You don't have the rights to move a repo to the namespace {namespace[:100]!r}")
    moved = move(hub, repo, body.to_id)
    if moved.kind is RepoKind.SPACE:
        spaces.moved(hub, moved)
    webhook_events.repo_moved(hub, repo, moved)
    for webhook in hub.all(Webhook):
        _watch_on(hub, webhook, repo, moved.id)
    return {"url": f"{hub.endpoint}/{moved.kind.prefix}{moved.id}"}


def move(hub: Hub, repo: Repo, new_id: str) -> Repo:
    """Give the repo its new name. 409 if another one has it."""
    with hub.at_once():
        if key_of(repo.kind, new_id) in hub.all(Repo):
            raise HubError(409, f"A {repo.kind} repository called {new_id} already exists")
        moved = current(hub, repo).model_copy(update={"id": new_id})
        remember(hub, repo.key, repo.repo_id_hex)
        hub.all(Repo).rename(repo.key, moved.key, moved)
    return moved


def _watch_on(hub: Hub, webhook: Webhook, repo: Repo, new_id: str) -> None:
    old = WatchedItem(type=repo.kind.value, name=repo.id)
    if old in webhook.watched:
        new = tuple(
            WatchedItem(type=item.type, name=new_id) if item == old else item for item in webhook.watched
        )
        hub.all(Webhook).put(webhook.id, webhook.model_copy(update={"watched": new}))


async def send_on(request: Request, error: Exception) -> Response:
    """Exception handler for RepoMoved: the same address under the new name. 307 keeps method and body."""
    assert isinstance(error, RepoMoved)
    path = request.scope["raw_path"].decode("ascii").replace(error.old_id, error.new_id, 1)
    query = request.url.query
    return Response(status_code=307, headers={"Location": path + (f"?{query}" if query else "")})
