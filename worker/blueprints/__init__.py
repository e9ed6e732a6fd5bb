"""The blueprints: one folder per family of models, each with a real, runnable Gradio app.

A folder holds `app.py`, `model.json` (which model the app loads), `requirements.txt`, `README.md` (a template
of the Space's page) and `blueprint.toml` (when it fits, and how its app is called). Adding a folder adds a
family.
"""

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
MANIFEST = "blueprint.toml"


class Content(StrEnum):
    """What a person gives to the app."""

    TEXT = "text"
    IMAGE = "image"


class Answer(StrEnum):
    """What the app gives back."""

    LABELS = "labels"


class Blueprint(BaseModel):
    """`blueprint.toml`; patterns are those of fnmatch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    pipeline_tags: tuple[str, ...]
    files: tuple[str, ...]
    weights: tuple[str, ...]
    architectures: tuple[str, ...]
    hardware: str
    endpoint: str
    content: Content
    answer: Answer
    folder: Path


def all_blueprints() -> tuple[Blueprint, ...]:
    """Every family, by name."""
    return tuple(read_blueprint(manifest.parent) for manifest in sorted(FOLDER.glob(f"*/{MANIFEST}")))


def read_blueprint(folder: Path) -> Blueprint:
    values = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Blueprint(**values, folder=folder)
