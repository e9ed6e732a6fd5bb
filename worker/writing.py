"""The files of the Space: the blueprint's app as it stands, with `model.json` and README for this model.

Nothing of the card is ever put into code: the app reads what it needs from `model.json`.
"""

import json
import re
from collections.abc import Mapping
from string import Template

import yaml
from pydantic import JsonValue

from worker.blueprints import PAGE, Blueprint
from worker.card import Card
from worker.front_matter import read_header
from worker.plan import Plan

LONGEST_DESCRIPTION = 60
"""Characters; the Hub refuses a longer `short_description`."""
LONGEST_TITLE = 80
ZERO_GPU_TORCH = "2.11.0"
"""The newest torch that ZeroGPU offers; a newer one in requirements.txt fails there."""
README = "README.md"
COPIED = ("*.py", "requirements.txt")


def write_space(space_id: str, card: Card, plan: Plan, endpoint: str) -> dict[str, str]:
    """Path to text of every file of the Space. `endpoint` is the Hub's address."""
    folder = plan.blueprint.folder
    copied = sorted(path for pattern in COPIED for path in folder.glob(pattern))
    files = {path.name: path.read_text(encoding="utf-8") for path in copied}
    files["requirements.txt"] = requirements_for(plan, files["requirements.txt"])
    files["model.json"] = json.dumps(_model(card, plan), indent=2, ensure_ascii=False) + "\n"
    files[README] = _readme(space_id, card, plan, endpoint)
    return files


def renamed(files: Mapping[str, bytes], before: str, after: str) -> dict[str, bytes]:
    """The files of a Space that got another name than its page tells."""
    name = re.compile(rf"{re.escape(before)}(?![\w.-])".encode())
    return {path: name.sub(after.encode(), text) if path == README else text for path, text in files.items()}


def requirements_for(plan: Plan, requirements: str) -> str:
    """With what packed weights need. ZeroGPU has its own versions of torch; elsewhere any will do."""
    packed = plan.estimate.quantisation
    more = [each for each in (packed.packages if packed else ()) if each not in requirements.split()]
    requirements = "".join(f"{line}\n" for line in (*requirements.splitlines(), *more))
    if not plan.hardware.startswith("zero-"):
        return requirements
    return re.sub(r"^torch$", f"torch=={ZERO_GPU_TORCH}", requirements, flags=re.MULTILINE)


def _model(card: Card, plan: Plan) -> dict[str, JsonValue]:
    return {
        "model_id": card.model_id,
        "revision": card.revision,
        "title": _title(card),
        "summary": card.summary,
        "license": card.license,
        "examples": list(plan.examples),
        **plan.settings,
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
        "use": plan.blueprint.use,
        "call": plan.blueprint.call,
        "endpoint": plan.blueprint.endpoint,
    }
    template = read_header(PAGE.read_text(encoding="utf-8"))
    header = {**template.values, **_header(card, plan.blueprint)}
    top = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{top}---\n{Template(template.body).substitute(words)}"


def _header(card: Card, blueprint: Blueprint) -> dict[str, JsonValue]:
    header: dict[str, JsonValue] = {
        "title": _title(card),
        "emoji": blueprint.emoji,
        "short_description": f"Try {blueprint.title} in your browser"[:LONGEST_DESCRIPTION],
        "models": [card.model_id],
    }
    if card.license:
        header["license"] = card.license
    return header


def _title(card: Card) -> str:
    return card.model_id.rsplit("/", 1)[-1][:LONGEST_TITLE]
