"""Finding Spaces by what they are about, and the official templates, of which a Hub of one's own has none."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.repo_info import describe
from bot.localhub.repos import Repo, RepoKind, may_read
from bot.localhub.space_records import Stage

router = APIRouter(prefix="/api/spaces")
MOST = 100


@router.get("/templates")
def templates() -> dict[str, list[object]]:
    return {"templates": []}


@router.get("/semantic-search")
def search(
    hub: TheHub,
    caller: MaybeCaller,
    q: str,
    filter: Annotated[list[str], Query(default_factory=list)],
    sdk: Annotated[list[str], Query(default_factory=list)],
    include_non_running: Annotated[bool, Query(alias="includeNonRunning")] = False,
) -> list[dict[str, Any]]:
    """Best first: not by meaning, as there is no model here, but by how many of the words a Space has."""
    readable = (repo for repo in hub.all(Repo) if repo.kind is RepoKind.SPACE and may_read(hub, repo, caller))
    infos = [info for repo in readable if set(filter) <= set((info := describe(hub, repo))["tags"])]
    found = [
        _result(info, score)
        for info in infos
        if (score := _score(info, q.lower().split()))
        and (not sdk or info.get("sdk") in sdk)
        and (include_non_running or info["runtime"]["stage"] == Stage.RUNNING)
    ]
    return sorted(found, key=lambda each: each["semanticRelevancyScore"], reverse=True)[:MOST]


def _score(info: dict[str, Any], words: list[str]) -> float:
    card = info.get("cardData") or {}
    told = (info["id"], card.get("title"), card.get("short_description"), *info["tags"])
    text = " ".join(str(part) for part in told if part).lower()
    return sum(word in text for word in words) / len(words) if words else 0


def _result(info: dict[str, Any], score: float) -> dict[str, Any]:
    card = info.get("cardData") or {}
    same = {key: info.get(key) for key in ("id", "author", "likes", "private", "tags", "sdk", "runtime")}
    return {
        **same,
        "title": str(card.get("title") or info["id"].partition("/")[2]),
        "emoji": card.get("emoji"),
        "trendingScore": info.get("trendingScore"),
        "semanticRelevancyScore": score,
    }
