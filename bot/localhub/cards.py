"""Repo cards: the YAML block at the top of README.md, what it says about a repo, and whether it is valid."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.localhub.repos import Repo, RepoKind, files_at, read_file
from bot.localhub.state import Hub

router = APIRouter()
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


LARGEST_CARD = 1_000_000
"""Bytes of README.md that are looked at for metadata."""


EMPTY = "empty or missing yaml metadata in repo card"


class CardError(Exception):
    """The YAML block cannot be read; the message says where."""


class _CardLoader(yaml.SafeLoader):
    """Plain YAML without aliases, by which a short card could unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed in a card")
        return super().compose_node(parent, index)


class ToValidate(BaseModel):
    content: str
    repoType: str | None = None  # noqa: N815 - the wire's name


def card_data(hub: Hub, repo: Repo, revision: str) -> dict[str, Any]:
    """The card's metadata; empty when there is none or it is broken."""
    readme = read_file(hub, repo, revision, "README.md") or b""
    return _readable_card(readme[:LARGEST_CARD])


@lru_cache(maxsize=1000)
def _readable_card(readme: bytes) -> dict[str, Any]:
    try:
        return parse_card(readme.decode("utf-8", "replace"))
    except CardError:
        return {}


def parse_card(text: str) -> dict[str, Any]:
    """The metadata of a card's text. Raises CardError."""
    block = _FRONT_MATTER.match(text)
    if block is None:
        return {}
    try:
        data = yaml.load(block[1], _CardLoader)  # noqa: S506 - it extends the safe loader
        # Dates and the like become text, as in the Hub's JSON.
        plain = json.loads(json.dumps(data, default=str), parse_constant=str)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise CardError(f"Invalid YAML: {error}") from None
    return plain if isinstance(plain, dict) else {}


def tags_of(hub: Hub, repo: Repo, revision: str, card: Mapping[str, Any]) -> list[str]:
    """The tags the Hub derives from card and files, each once."""
    tags = [library_of(hub, repo, revision, card), card.get("pipeline_tag") if _is_model(repo) else None]
    if _is_model(repo) and any(path.endswith(".onnx") for path in files_at(hub, repo, revision)):
        tags.append("onnx")
    tags += _words(card.get("tags")) + _words(card.get("language"))
    for key in ("license", "base_model", "datasets"):
        tags += [
            f"{key.removesuffix('s') if key == 'datasets' else key}:{word}" for word in _words(card.get(key))
        ]
    tags.append("region:us")
    return list(dict.fromkeys(tag for tag in tags if tag))


def library_of(hub: Hub, repo: Repo, revision: str, card: Mapping[str, Any]) -> str | None:
    if not _is_model(repo):
        return None
    named = card.get("library_name")
    if isinstance(named, str):
        return named
    has_transformers_config = "model_type" in config_of(hub, repo, revision)
    return "transformers" if has_transformers_config else None


def config_of(hub: Hub, repo: Repo, revision: str) -> dict[str, Any]:
    """What the Hub shows of a model's config.json."""
    try:
        config = json.loads(read_file(hub, repo, revision, "config.json") or b"{}")
    except (ValueError, RecursionError):
        return {}
    shown = ("architectures", "model_type", "auto_map")
    return {key: config[key] for key in shown if key in config} if isinstance(config, dict) else {}


@router.post("/api/validate-yaml")
def validate_yaml(body: ToValidate) -> JSONResponse:
    try:
        data = parse_card(body.content)
    except CardError as error:
        return _complaint(str(error))
    if "license" in data and not _words(data["license"]):
        return _complaint('"license" must be a string')
    if "tags" in data and not isinstance(data["tags"], list):
        return _complaint('"tags" must be an array')
    if not isinstance(data.get("model-index", []), list):
        return _complaint('"model-index" must be an array')
    warnings = [] if data else [{"message": EMPTY}]
    return JSONResponse({"errors": [], "warnings": warnings})


def _complaint(message: str) -> JSONResponse:
    return JSONResponse({"error": message, "errors": [{"message": message}], "warnings": []}, 400)


def _is_model(repo: Repo) -> bool:
    return repo.kind is RepoKind.MODEL


def _words(value: object) -> list[str]:
    """A card's field that may be one word or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [word for word in values if isinstance(word, str)]
