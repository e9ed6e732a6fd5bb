"""The files of the Space: the blueprint's app as it stands, with `model.json` and README for this model.

Nothing of the card is ever put into code: the app reads what it needs from `model.json`.
"""

import json
from string import Template

import yaml
from pydantic import JsonValue

from worker.blueprints import Blueprint
from worker.card import Card
from worker.front_matter import read_header
from worker.plan import Plan

LONGEST_DESCRIPTION = 60
"""Characters; the Hub refuses a longer `short_description`."""
LONGEST_TITLE = 80
COPIED = ("app.py", "requirements.txt")


def write_space(space_id: str, card: Card, plan: Plan, endpoint: str) -> dict[str, str]:
    """Path to text of every file of the Space. `endpoint` is the Hub's address."""
    folder = plan.blueprint.folder
    files = {name: (folder / name).read_text(encoding="utf-8") for name in COPIED}
    files["model.json"] = json.dumps(_model(card, plan), indent=2, ensure_ascii=False) + "\n"
    files["README.md"] = _readme(space_id, card, plan, endpoint)
    return files


def _model(card: Card, plan: Plan) -> dict[str, JsonValue]:
    return {
        "model_id": card.model_id,
        "revision": card.revision,
        "weights": plan.weights,
        "external_data": list(plan.external_data),
        "title": _title(card),
        "summary": card.summary,
        "license": card.license,
        "examples": list(plan.examples),
    }


def _readme(space_id: str, card: Card, plan: Plan, endpoint: str) -> str:
    words = {
        "title": _title(card),
        "summary": card.summary or f"A demo of {card.model_id}.",
        "model_id": card.model_id,
        "model_url": f"{endpoint}/{card.model_id}",
        "revision": card.revision,
        "weights": plan.weights,
        "license": card.license or "not given",
        "space_id": space_id,
    }
    template = read_header((plan.blueprint.folder / "README.md").read_text(encoding="utf-8"))
    header = {**template.values, **_header(card, plan.blueprint)}
    top = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{top}---\n{Template(template.body).substitute(words)}"


def _header(card: Card, blueprint: Blueprint) -> dict[str, JsonValue]:
    header: dict[str, JsonValue] = {
        "title": _title(card),
        "short_description": f"Try {blueprint.title} in your browser"[:LONGEST_DESCRIPTION],
        "models": [card.model_id],
    }
    if card.license:
        header["license"] = card.license
    return header


def _title(card: Card) -> str:
    return card.model_id.rsplit("/", 1)[-1][:LONGEST_TITLE]
