"""Lists of models, datasets and Spaces: filtered, sorted, in pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.paging import one_page
from bot.localhub.repo_info import describe, expanded
from bot.localhub.repos import Repo, RepoKind, may_read

router = APIRouter()
ORDERS = {"createdAt", "lastModified", "likes", "downloads", "trendingScore"}
OLD_NAMES = {"created_at": "createdAt", "last_modified": "lastModified", "trending_score": "trendingScore"}


class Wanted(BaseModel):
    """The query of a list. Fields that it does not know are let through."""

    author: str | None = None
    search: list[str] = []
    filter: list[str] = []
    pipeline_tag: str | None = None
    gated: bool | None = None
    models: list[str] = []
    datasets: list[str] = []
    sort: str = "trendingScore"
    direction: int = -1
    limit: int = Field(default=1000, ge=1)
    cursor: int = Field(default=0, ge=0)
    expand: list[str] = []
    full: bool = False
    config: bool = False
    card: bool = Field(default=False, alias="cardData")

    @property
    def order(self) -> str:
        order = OLD_NAMES.get(self.sort, self.sort)
        if order not in ORDERS:
            raise HubError(400, f'"sort" must be one of [{", ".join(sorted(ORDERS))}]')
        return order

    def names(self, repo: Repo) -> bool:
        """Whether the repo's own name passes; asked first, since the rest takes reading its files."""
        searched = all(word.lower() in repo.id.lower() for word in self.search)
        return self.author in {None, repo.owner} and searched and self.gated in {None, bool(repo.gated)}

    def tags(self, info: dict[str, Any]) -> bool:
        wanted = {*self.filter, *([self.pipeline_tag] if self.pipeline_tag else [])}
        uses = (("models", self.models), ("datasets", self.datasets))
        return wanted <= set(info["tags"]) and all(
            set(named) <= set(info.get("cardData", {}).get(kind) or []) for kind, named in uses
        )

    def shown(self, kind: RepoKind, info: dict[str, Any]) -> dict[str, Any]:
        """A list tells less than the page of one repo, unless it is asked for more."""
        if self.expand:
            return expanded(kind, info, self.expand)
        left_out = {
            "usedStorage",
            "spaces",
            "transformersInfo",
            "safetensors",
            "gguf",
            "widgetData",
            "mask_token",
        }
        if not self.full:
            left_out |= {"siblings", "sha", "lastModified", "author", "gated", "disabled"} - {self.order}
        if not (self.card or (self.full and kind is not RepoKind.MODEL)):
            left_out.add("cardData")
        if not self.config:
            left_out.add("config")
        return {key: value for key, value in expanded(kind, info, []).items() if key not in left_out}


@router.get("/api/{kind:repos}")
def list_repos(
    request: Request, hub: TheHub, caller: MaybeCaller, kind: RepoKind, wanted: Annotated[Wanted, Query()]
) -> JSONResponse:
    repos = [
        repo
        for repo in hub.all(Repo)
        if repo.kind is kind and wanted.names(repo) and may_read(hub, repo, caller)
    ]
    infos = [info for info in (describe(hub, repo) for repo in repos) if wanted.tags(info)]
    infos.sort(key=lambda info: (info[wanted.order], info["lastModified"]), reverse=wanted.direction < 0)
    shown, headers = one_page(request, infos, wanted.cursor, min(wanted.limit, 1000))
    return JSONResponse([wanted.shown(kind, info) for info in shown], headers=headers)
