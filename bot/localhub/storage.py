"""What a namespace's repos and buckets take of its storage, for its owner."""

from collections.abc import Iterator

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from bot.localhub import bucket_files, bucket_records
from bot.localhub.accounts import TheCaller, TheHub, User
from bot.localhub.errors import forbidden, not_found
from bot.localhub.paging import one_page
from bot.localhub.repos import Repo, commit_at, history
from bot.localhub.state import Hub

router = APIRouter()
PAGE = 200


@router.get("/api/settings/repositories")
def own_repositories(
    request: Request, hub: TheHub, caller: TheCaller, cursor: int = Query(0, ge=0)
) -> JSONResponse:
    caller.require("read-repos", "manage-repos")
    return _page(request, hub, caller.user.name, cursor)


@router.get("/api/organizations/{name}/settings/repositories")
def repositories(
    request: Request, hub: TheHub, caller: TheCaller, name: str, cursor: int = Query(0, ge=0)
) -> JSONResponse:
    if name not in hub.all(User):
        raise not_found("Organization", "OrganizationNotFound")
    if not caller.owns(hub, name):
        raise forbidden()
    caller.require("read-repos", "manage-repos")
    return _page(request, hub, name, cursor)


def _page(request: Request, hub: Hub, owner: str, cursor: int) -> JSONResponse:
    found = [*_repos(hub, owner), *_buckets(hub, owner)]
    total = sum(int(str(each["storage"])) for each in found) or 1
    found.sort(key=lambda each: int(str(each["storage"])), reverse=True)
    shown, headers = one_page(request, found, cursor, PAGE)
    return JSONResponse(
        [{**each, "storagePercent": 100 * int(str(each["storage"])) / total} for each in shown],
        headers=headers,
    )


def _repos(hub: Hub, owner: str) -> Iterator[dict[str, object]]:
    for repo in hub.all(Repo):
        if repo.owner == owner:
            yield {
                "id": repo.id,
                "type": repo.kind.value,
                "updatedAt": commit_at(hub, repo, repo.head).date,
                "visibility": repo.visibility,
                "storage": _stored(hub, repo),
            }


def _stored(hub: Hub, repo: Repo) -> int:
    """Bytes of every content that any of its commits has, each once."""
    commits = (commit for ref in repo.refs for commit in history(hub, repo, ref))
    return sum({blob.oid: blob.size for commit in commits for blob in commit.files.values()}.values())


def _buckets(hub: Hub, owner: str) -> Iterator[dict[str, object]]:
    for bucket in hub.all(bucket_records.Bucket):
        if bucket.id.startswith(f"{owner}/"):
            size, _ = bucket_files.size_and_count(bucket_records.folder_of(hub, bucket))
            yield {
                "id": bucket.id,
                "type": "bucket",
                "updatedAt": bucket.created_at,
                "visibility": "private" if bucket.private else "public",
                "storage": size,
            }
