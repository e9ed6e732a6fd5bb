"""Likes: who likes which repo."""

from fastapi import APIRouter

from bot.localhub.accounts import MaybeCaller, TheCaller, TheHub, User, public_card
from bot.localhub.errors import not_found
from bot.localhub.repo_paths import API, ReadableRepo
from bot.localhub.repos import Repo, may_read
from bot.localhub.state import Hub, Record, now

router = APIRouter()


class Like(Record):
    """Stored under `<repo_id_hex>/<user id>`."""

    repo: str
    user: str
    created_at: str


def likes_of(hub: Hub, repo: Repo) -> list[Like]:
    return [like for like in hub.all(Like) if like.repo == repo.repo_id_hex]


@router.post(API + "/like")
def like(hub: TheHub, caller: TheCaller, repo: ReadableRepo) -> dict[str, bool]:
    caller.require("write-discussions", "write-repos", "manage-repos")
    key = f"{repo.repo_id_hex}/{caller.user.id}"
    if key not in hub.all(Like):
        hub.all(Like).put(key, Like(repo=repo.repo_id_hex, user=caller.user.name, created_at=now()))
    return {"success": True}


@router.delete(API + "/like")
def unlike(hub: TheHub, caller: TheCaller, repo: ReadableRepo) -> dict[str, bool]:
    caller.require("write-discussions", "write-repos", "manage-repos")
    hub.all(Like).delete(f"{repo.repo_id_hex}/{caller.user.id}")
    return {"success": True}


@router.get(API + "/likers")
def likers(hub: TheHub, repo: ReadableRepo) -> list[dict[str, object]]:
    people = (hub.all(User).get(like.user) for like in likes_of(hub, repo))
    return [public_card(user) for user in people if user is not None]


@router.get("/api/users/{name}/likes")
def liked_by(hub: TheHub, caller: MaybeCaller, name: str) -> list[dict[str, object]]:
    """What the person likes, of what the caller may see."""
    if name not in hub.all(User):
        raise not_found("User", "UserNotFound")
    repos = {repo.repo_id_hex: repo for repo in hub.all(Repo) if may_read(hub, repo, caller)}
    return [
        {
            "createdAt": like.created_at,
            "repo": {"name": repos[like.repo].id, "type": repos[like.repo].kind.value},
        }
        for like in hub.all(Like)
        if like.user == name and like.repo in repos
    ]
