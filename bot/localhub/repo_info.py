"""What the Hub tells about a repo, and the lists of repos."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from bot.localhub import cards, likes, spaces
from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.model_facts import Facts, facts_of
from bot.localhub.model_tags import model_tags, other_tags
from bot.localhub.repo_json import read_text
from bot.localhub.repo_paths import API, ReadableRepo
from bot.localhub.repos import Blob, Repo, RepoKind, commit_at, key_of
from bot.localhub.state import Hub

router = APIRouter()
ALWAYS = {"_id", "id"}
"""Fields that are there whatever `expand` asks for."""
ONLY_ON_REQUEST = {"downloadsAllTime", "baseModels", "inferenceProviderMapping"}
_FOR_ALL = "author cardData createdAt disabled lastModified likes private resourceGroup sha siblings tags"
EXPANDABLE = {
    RepoKind.MODEL: sorted(
        f"{_FOR_ALL} baseModels childrenModelCount config downloads downloadsAllTime evalResults gated gguf"
        " inference inferenceProviderMapping library_name mask_token model-index pipeline_tag safetensors"
        " spaces transformersInfo trendingScore usedStorage widgetData".split()
    ),
    RepoKind.DATASET: sorted(
        f"{_FOR_ALL} citation description downloads downloadsAllTime gated mainSize paperswithcode_id"
        " trendingScore usedStorage".split()
    ),
    RepoKind.SPACE: sorted(
        f"{_FOR_ALL} datasets models region runtime sdk subdomain trendingScore usedStorage".split()
    ),
}
"""What `expand` may name, by kind of repo."""


def describe(hub: Hub, repo: Repo, revision: str = "main", *, blobs: bool = False) -> dict[str, Any]:
    """All that there is to tell about a repo at a revision."""
    commit = commit_at(hub, repo, revision)
    card = cards.card_data(hub, repo, commit.oid)
    readme = read_text(hub, commit.files, "README.md") or ""
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
        "likes": len(likes.likes_of(hub, repo)),
        "downloads": 0,
        "downloadsAllTime": 0,
        "trendingScore": 0,
        "tags": other_tags(card, readme),
        "siblings": [_sibling(file, blobs) for file in commit.files.values()],
        "usedStorage": sum(file.size for file in commit.files.values()),
    }
    if card:
        info["cardData"] = card
    match repo.kind:
        case RepoKind.MODEL:
            facts = facts_of(hub, commit.files, card)
            info |= _model_fields(hub, repo, card, facts)
            info["tags"] = model_tags(commit.files, card, facts, readme)
        case RepoKind.SPACE:
            info |= spaces.describe(hub, repo)
    return info


def _sibling(file: Blob, blobs: bool) -> dict[str, object]:
    """With `blobs`, what the file's content is, in the names that this list has for it."""
    if not blobs:
        return {"rfilename": file.path}
    entry: dict[str, object] = {"rfilename": file.path, "blobId": file.git_oid, "size": file.size}
    if file.lfs:
        entry["lfs"] = {"sha256": file.oid, "size": file.size, "pointerSize": len(file.pointer)}
    return entry


def _model_fields(hub: Hub, repo: Repo, card: dict[str, Any], facts: Facts) -> dict[str, object]:
    tokens = facts.config.get("tokenizer_config", {})
    fields: dict[str, object] = {
        "modelId": repo.id,
        "pipeline_tag": facts.task,
        "library_name": facts.library,
        "config": facts.config,
        "transformersInfo": facts.transformers,
        "safetensors": facts.safetensors,
        "gguf": facts.gguf,
        "mask_token": _text_of(tokens.get("mask_token")) if facts.task == "fill-mask" else None,
        "widgetData": card.get("widget"),
        "model-index": card.get("model-index"),
        "baseModels": _base_models(hub, facts),
        "inferenceProviderMapping": {},
        "spaces": [],
    }
    return {key: value for key, value in fields.items() if value is not None}


def _base_models(hub: Hub, facts: Facts) -> dict[str, object] | None:
    """Those that this Hub has: only their ids are of use."""
    known = [hub.all(Repo).get(key_of(RepoKind.MODEL, name)) for name in facts.base_models]
    models = [{"_id": base.repo_id_hex, "id": base.id} for base in known if base and not base.private]
    return {"relation": facts.relation, "models": models} if models else None


def _text_of(token: object) -> str | None:
    """A token stands in a tokenizer's config as a word, or as an object with its content."""
    content = token.get("content") if isinstance(token, dict) else token
    return content if isinstance(content, str) else None


def expanded(kind: RepoKind, info: dict[str, Any], expand: Iterable[str]) -> dict[str, Any]:
    """Only the fields asked for; all usual ones when none is. HubError 400 for a field that there is not."""
    wanted = set(expand)
    if not wanted:
        return {key: value for key, value in info.items() if key not in ONLY_ON_REQUEST}
    if not wanted <= set(EXPANDABLE[kind]):
        raise HubError(400, f'"expand" must be one of [{", ".join(EXPANDABLE[kind])}]')
    return {key: value for key, value in info.items() if key in ALWAYS | wanted}


Expand = Annotated[list[str], Query(default_factory=list)]


@router.get(API)
def info(hub: TheHub, repo: ReadableRepo, expand: Expand, blobs: bool = False) -> dict[str, Any]:
    return expanded(repo.kind, describe(hub, repo, blobs=blobs), expand)


@router.get(API + "/revision/{revision:path}")
def info_at(
    hub: TheHub, repo: ReadableRepo, revision: str, expand: Expand, blobs: bool = False
) -> dict[str, Any]:
    return expanded(repo.kind, describe(hub, repo, revision, blobs=blobs), expand)
