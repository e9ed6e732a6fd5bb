"""A small model of sentence-transformers: the transformer inside it, and modules that fit its width."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModel

from . import CannotMake
from .transformers_twin import architecture, edit_json, write_model

WIDTH_OF_POOLING = "word_embedding_dimension"


def make_sentence_transformers(real: Path, first: Path, job: dict[str, Any]) -> None:
    listed = real / "modules.json"
    modules = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []
    inner = real / _path_of(modules, "Transformer")
    names = list(job["weights"])
    config = AutoConfig.from_pretrained(inner)
    if not modules and "SequenceClassification" in str(config.architectures):
        write_model(inner, first, job["seed"], architecture(config), names)
        return
    kind = _base_class(config)
    width = write_model(inner, first / inner.relative_to(real), job["seed"], kind, names)
    for module in modules:
        folder = first / module["path"]
        match module["type"].rsplit(".", 1)[-1]:
            case "Pooling":
                edit_json(folder / "config.json", **{WIDTH_OF_POOLING: width})
            case "Dense":
                width = _dense(folder, width)
            case "Transformer" | "Normalize" | "Dropout":
                continue
            case other:
                raise CannotMake(f"its module {other} is not known")


def _path_of(modules: list[dict[str, Any]], kind: str) -> str:
    return next((str(each["path"]) for each in modules if each["type"].endswith(kind)), "")


def _base_class(config: Any) -> type[Any]:
    with torch.device("meta"):
        return type(AutoModel.from_config(config))


def _dense(folder: Path, width: int) -> int:
    """A layer from the new width to its old one; returns that."""
    said = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    edit_json(folder / "config.json", in_features=width)
    layer = torch.nn.Linear(width, said["out_features"], bias=said.get("bias", True))
    save_file(
        {f"linear.{name}": value for name, value in layer.state_dict().items()}, folder / "model.safetensors"
    )
    return int(said["out_features"])
