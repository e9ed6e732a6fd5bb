"""What transformers knows of its architectures: which auto class and processor load one, and what it does."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "architectures.json"
"""Written by `scripts/list_architectures.py`."""


def transformers_info(config: Mapping[str, Any]) -> dict[str, str] | None:
    """`transformersInfo` for a config of transformers, as the Hub has it; None when it isn't one."""
    if not config.get("model_type") and not config.get("architectures"):
        return None
    architecture = _first(config.get("architectures"))
    auto_map = config.get("auto_map")
    custom = _custom(auto_map, architecture) if isinstance(auto_map, dict) else None
    task, auto_model = _models().get(architecture, ("", "AutoModel"))
    if custom:
        auto_model = custom[0]
        task = "" if auto_model == "AutoModel" else _tasks().get(auto_model, "")
    told = {
        "auto_model": auto_model,
        "custom_class": custom[1] if custom else "",
        "pipeline_tag": task,
        "processor": _processors().get(str(config.get("model_type")), ""),
    }
    return {key: value for key, value in told.items() if value}


def is_custom(config: Mapping[str, Any]) -> bool:
    """Whether its code comes with the repo."""
    return bool(config.get("auto_map"))


def _custom(auto_map: Mapping[str, Any], architecture: str) -> tuple[str, str] | None:
    """The auto class that the repo's own code has for this architecture; else any that loads a model."""
    classes = {
        auto: place
        for auto, place in auto_map.items()
        if auto.startswith("AutoModel") and isinstance(place, str)
    }
    named = [pair for pair in classes.items() if pair[1].rpartition(".")[2] == architecture]
    return next(reversed(named or list(classes.items())), None)


def _first(architectures: object) -> str:
    return str(architectures[0]) if isinstance(architectures, list) and architectures else ""


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(FILE.read_text())
    return known


@cache
def _models() -> dict[str, tuple[str, str]]:
    """Task and auto class by architecture."""
    return {
        name: (group["task"], group["auto_model"])
        for group in _known()["models"]
        for name in group["architectures"]
    }


@cache
def _tasks() -> dict[str, str]:
    """What an auto class does; the first task of those that have several."""
    return {group["auto_model"]: group["task"] for group in reversed(_known()["models"])}


@cache
def _processors() -> dict[str, str]:
    return {model_type: name for name, types in _known()["processors"].items() for model_type in types}
