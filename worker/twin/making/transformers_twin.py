"""A small model of transformers with the same architecture and files, and random weights."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoConfig

from . import CannotMake
from .shrink import Size, nodes, shrink, size_for, vocabulary_of

MOST_WEIGHTS = 80_000_000
ONLY_FEWER_LAYERS = Size(10**9, 1)
INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")


def make_transformers(real: Path, first: Path, job: dict[str, Any]) -> None:
    write_model(real, first, job["seed"], None, list(job["weights"]))


def write_model(real: Path, first: Path, seed: int, wished: type[Any] | None, names: list[str]) -> int:
    """Write the twin of the model in a folder; its width. `names` are the real files with weights."""
    config = AutoConfig.from_pretrained(real)
    model = build(config, wished or architecture(config), seed)
    model.save_pretrained(first)
    generation = real / "generation_config.json"
    if generation.exists():
        shutil.copy(generation, first)
    for name in INDEXES:
        (first / name).unlink(missing_ok=True)
    name_as(first / "model.safetensors", [Path(name).name for name in names])
    return width_of(model.config)


def architecture(config: Any) -> type[Any]:
    for name in config.architectures or ():
        if found := getattr(transformers, name, None):
            return found  # type: ignore[no-any-return]  # one of the library's classes
    raise CannotMake(f"transformers has no class {', '.join(config.architectures or ['that it names'])}")


def build(config: Any, kind: type[Any], seed: int) -> Any:
    """A model of this class, as small as its configuration can be made."""
    for node in nodes(config):
        if hasattr(node, "quantization_config"):
            del node.quantization_config
    original = config.to_dict()
    size = size_for(vocabulary_of(config))
    problems: list[Exception] = []
    for attempt in (size, Size(2 * size.width, 8), ONLY_FEWER_LAYERS):
        smaller = type(config).from_dict(original)
        shrink(smaller, attempt)
        smaller.dtype = "float32"
        try:
            return _built(smaller, kind, seed)
        except Exception as error:  # a configuration that does not fit its class fails in any way
            problems.append(error)
    raise problems[0]


def _built(config: Any, kind: type[Any], seed: int) -> Any:
    with torch.device("meta"):
        weights = sum(each.numel() for each in kind(config).parameters())
    if weights > MOST_WEIGHTS:
        raise CannotMake(f"its smallest twin would still have {weights / 1e6:.0f} million weights")
    torch.manual_seed(seed)
    model = kind(config)
    randomize(model)
    return model.float().eval()


def randomize(model: Any) -> None:
    """Weights large enough that each of them counts: what libraries begin with answers nearly the same."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() >= 2 and weight.is_floating_point():
                weight.normal_(std=1 / math.sqrt(max(weight[0].numel(), 1)))
        for name, buffer in model.named_buffers():
            if "embed" in name and buffer.dim() >= 2 and buffer.is_floating_point() and not buffer.any():
                buffer.normal_()  # codebooks


def width_of(config: Any) -> int:
    for node in nodes(config):
        for key in ("hidden_size", "d_model", "dim", "n_embd"):
            if isinstance(value := getattr(node, key, None), int):
                return value
    raise CannotMake("its configuration does not say how wide it is")


def name_as(written: Path, real_names: list[str]) -> None:
    """Give the one file of weights the other names that a loader may look for, `model.fp16.safetensors`."""
    stem = written.stem
    for name in real_names:
        parts = name.split(".")
        if parts[0].split("-0")[0] == stem and len(parts) == 3 and parts[2] == "safetensors":
            shutil.copy(written, written.with_name(f"{stem}.{parts[1].split('-0')[0]}.safetensors"))


def edit_json(file: Path, **values: object) -> None:
    said = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**said, **values}, indent=2), encoding="utf-8")
