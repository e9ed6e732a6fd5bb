"""Repo cards: the YAML block at the top of README.md, what it says about a repo, and whether it is valid."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel

from bot.localhub.model_facts import words
from bot.localhub.repos import Repo, read_file
from bot.localhub.state import Hub

router = APIRouter()
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


LARGEST_CARD = 1_000_000
"""Bytes of README.md that are looked at for metadata."""


LICENSES = frozenset((Path(__file__).parent / "licenses.txt").read_text(encoding="utf-8").split())
"""What a card may name as its license. Terms of one's own are "other", with a `license_name` beside it."""


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


@router.post("/api/validate-yaml")
def validate_yaml(request: Request, body: ToValidate) -> Response:
    """Errors and warnings, as JSON or in lines of text."""
    data: dict[str, Any] = {}
    try:
        data = parse_card(body.content)
        error = _mistake_in(data)
    except CardError as broken:
        error = str(broken)
    warnings = [EMPTY] if not (error or data) else []
    status = 400 if error else 200
    if request.headers.get("accept") == "text/plain":
        lines = [f"- Error: {error}"] if error else [f"- Warning: {warning}" for warning in warnings]
        return PlainTextResponse("\n".join(lines), status)
    found: dict[str, Any] = {"error": error, "errors": [{"message": error}]} if error else {"errors": []}
    return JSONResponse({**found, "warnings": [{"message": warning} for warning in warnings]}, status)


def _mistake_in(data: dict[str, Any]) -> str | None:
    """What is wrong with a card's metadata, if anything is."""
    named = words(data.get("license"))
    if "license" in data and not named:
        return '"license" must be a string'
    if not LICENSES.issuperset(named):
        return f'"license" must be one of [{", ".join(sorted(LICENSES))}]'
    if "tags" in data and not isinstance(data["tags"], list):
        return '"tags" must be an array'
    if not isinstance(data.get("model-index", []), list):
        return '"model-index" must be an array'
    return None
