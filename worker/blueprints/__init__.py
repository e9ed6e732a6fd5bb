"""The blueprints: one folder per family of models, each with a real, runnable Gradio app.

A folder holds `app.py`, `hosting.py` (a link to the one beside this file: what every Space does around its
model), `model.json` (which model the app loads), `requirements.txt` and `blueprint.toml` (when it fits, how
its app is called, what its page says). Adding a folder adds a family. `README.md` is every page's template.
"""

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from worker.contract import AnswerType
from worker.loader import Loader

FOLDER = Path(__file__).parent
MANIFEST = "blueprint.toml"
PAGE = FOLDER / "README.md"


class Content(StrEnum):
    """What a person gives to the app."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    NOTHING = "nothing"
    """The app draws from a seed."""


class Family(StrEnum):
    """What decides how much memory a model takes besides its weights."""

    ENCODER = "encoder"
    SEQ2SEQ = "seq2seq"
    SPEECH = "speech"
    LLM = "llm"
    DIFFUSION = "diffusion"
    VIDEO = "video"
    ONNX = "onnx"


class Blueprint(BaseModel):
    """`blueprint.toml`; patterns are those of fnmatch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    loaders: tuple[Loader, ...]
    pipeline_tags: tuple[str, ...]
    architectures: tuple[str, ...] = ()
    """Where config.json (or model_index.json) names classes, one of them must match; empty: any.

    A pattern after an exclamation mark is of those that must not.
    """
    auto_classes: tuple[str, ...] = ()
    """What the app loads with; a model's own code must offer one of these."""
    files: tuple[str, ...] = ()
    """All of these must be there; of names with a bar between them, one."""
    weights: tuple[str, ...]
    """One of these must be there; the first that matches is the one that is loaded."""
    family: Family
    endpoint: str
    content: Content
    answer: AnswerType
    example: tuple[str, ...] = ("text",)
    """Of an entry of the card's `widget`: what the app's inputs are given, in their order."""
    gpu: bool = True
    """Whether the app uses a GPU where there is one."""
    duration: int = 60
    """Seconds that one call may take on ZeroGPU."""
    emoji: str
    use: str
    """What a person does in the app; continues the sentence: this Space lets you try it in the browser."""
    call: str
    """Arguments of a call of the endpoint, as Python."""
    folder: Path


def all_blueprints() -> tuple[Blueprint, ...]:
    """Every family, by name."""
    return tuple(read_blueprint(manifest.parent) for manifest in sorted(FOLDER.glob(f"*/{MANIFEST}")))


def read_blueprint(folder: Path) -> Blueprint:
    values = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Blueprint(**values, folder=folder)
