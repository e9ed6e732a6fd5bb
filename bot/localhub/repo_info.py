"""What the Hub tells about a repo, and the lists of repos."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.localhub import cards, spaces
from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.errors import HubError, not_found
from bot.localhub.paging import one_page
from bot.localhub.repo_paths import API, ReadableRepo
from bot.localhub.repos import Repo, RepoKind, commit_at, may_read
from bot.localhub.state import Hub

router = APIRouter()
ALWAYS = {"_id", "id"}
"""Fields that are there whatever `expand` asks for."""


def describe(hub: Hub, repo: Repo, revision: str = "main", *, blobs: bool = False) -> dict[str, Any]:
    """The JSON of a repo at a revision."""
    commit = commit_at(hub, repo, revision)
    card = cards.card_data(hub, repo, commit.oid)
    info: dict[str, Any] = {
        "_id": repo.repo_id_hex,
        "id": repo.id,
        "author": repo.owner,
        "sha": commit.oid,
        "lastModified": commit.date,
        "createdAt": repo.created_at,
        "private": repo.private,
        "gated": repo.gated,
        "disabled": False,
        "likes": 0,
        "downloads": 0,
        "tags": cards.tags_of(hub, repo, commit.oid, card),
        "siblings": [_sibling(file.path, file.oid, file.size, blobs) for file in commit.files.values()],
        "usedStorage": sum(file.size for file in commit.files.values()),
    }
    if card:
        info["cardData"] = card
    match repo.kind:
        case RepoKind.MODEL:
            info |= _model_fields(hub, repo, commit.oid, card)
        case RepoKind.SPACE:
            info |= spaces.describe(hub, repo)
    return info


def _sibling(path: str, oid: str, size: int, blobs: bool) -> dict[str, object]:
    return {"rfilename": path, "blobId": oid, "size": size} if blobs else {"rfilename": path}


def _model_fields(hub: Hub, repo: Repo, revision: str, card: dict[str, Any]) -> dict[str, object]:
    fields: dict[str, object] = {
        "modelId": repo.id,
        "pipeline_tag": card.get("pipeline_tag"),
        "library_name": cards.library_of(hub, repo, revision, card),
        "config": cards.config_of(hub, repo, revision),
        "spaces": [],
    }
    return {key: value for key, value in fields.items() if value is not None}


def _expanded(info: dict[str, Any], expand: Iterable[str]) -> dict[str, Any]:
    wanted = set(expand)
    return {key: value for key, value in info.items() if key in ALWAYS | wanted} if wanted else info


Expand = Annotated[list[str], Query(default_factory=list)]


@router.get(API)
def info(hub: TheHub, repo: ReadableRepo, expand: Expand, blobs: bool = False) -> dict[str, Any]:
    return _expanded(describe(hub, repo, blobs=blobs), expand)


@router.get(API + "/revision/{revision:path}")
def info_at(
    hub: TheHub, repo: ReadableRepo, revision: str, expand: Expand, blobs: bool = False
) -> dict[str, Any]:
    return _expanded(describe(hub, repo, revision, blobs=blobs), expand)


@router.get("/api/{kind:repos}/{name}")
def no_owner(caller: MaybeCaller, kind: RepoKind, name: str) -> None:
    """Every repo here has an owner, so a bare name is never found."""
    if caller is None:
        raise HubError(401, "Repository not found", code="RepoNotFound")
    raise not_found("Repository", "RepoNotFound")


class Wanted(BaseModel):
    """The query of a list: which repos, in which order. Fields that it does not know are let through."""

    author: str | None = None
    search: str = ""
    filter: list[str] = []
    pipeline_tag: str | None = None
    sort: str = "lastModified"
    limit: int = Field(default=1000, ge=1)
    cursor: int = Field(default=0, ge=0)
    expand: list[str] = []

    @property
    def tags(self) -> set[str]:
        return {*self.filter, *([self.pipeline_tag] if self.pipeline_tag else [])}


@router.get("/api/{kind:repos}")
def list_repos(
    request: Request, hub: TheHub, caller: MaybeCaller, kind: RepoKind, wanted: Annotated[Wanted, Query()]
) -> JSONResponse:
    found = [
        describe(hub, repo)
        for repo in hub.all(Repo)
        if repo.kind is kind
        and wanted.author in {None, repo.owner}
        and wanted.search.lower() in repo.id.lower()
        and may_read(hub, repo, caller)
    ]
    infos = [info for info in found if wanted.tags <= set(info["tags"])]
    order = "createdAt" if wanted.sort in {"createdAt", "created_at"} else "lastModified"
    infos.sort(key=lambda info: str(info[order]), reverse=True)
    shown, headers = one_page(request, infos, wanted.cursor, min(wanted.limit, 1000))
    return JSONResponse([_expanded(info, wanted.expand) for info in shown], headers=headers)
