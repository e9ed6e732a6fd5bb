"""A small pipeline of diffusers: each component that has weights, narrowed so that they still fit."""

import importlib
import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from transformers import AutoConfig

from . import CannotMake
from .shrink import ALL_KEYS
from .transformers_twin import MOST_WEIGHTS, build, name_as, randomize

KEYS = ALL_KEYS["diffusers"]
NEVER_FLAGGED = 2.0
"""More than any cosine: a safety checker with random weights must not blacken every picture."""


def make_diffusers(real: Path, first: Path, job: dict[str, Any]) -> None:
    index = json.loads((real / "model_index.json").read_text(encoding="utf-8"))
    parts = {name: tuple(value) for name, value in index.items() if isinstance(value, list) and all(value)}
    widths: dict[int, int] = {}
    order = sorted(parts, key=lambda name: "text_encoder" not in name)  # they decide the other widths
    for name in order:
        library, kind = parts[name]
        folder = real / name
        if not (folder / "config.json").exists():
            continue  # a tokenizer, a scheduler
        names = [Path(path).name for path in job["weights"] if path.startswith(f"{name}/")]
        if library == "transformers" or "safety_checker" in name:
            _write_transformers(folder, first / name, _class_of(library, kind), job["seed"], widths, names)
        else:
            _write_diffusers(folder, first / name, _class_of(library, kind), job["seed"], widths, names)


def _class_of(library: str, kind: str) -> type[Any]:
    for place in (library, f"diffusers.pipelines.{library}"):
        try:
            if found := getattr(importlib.import_module(place), kind, None):
                return found  # type: ignore[no-any-return]  # one of the library's classes
        except ImportError:
            continue
    raise CannotMake(f"its component {kind} of {library} is not known")


def _write_transformers(
    folder: Path, target: Path, kind: type[Any], seed: int, widths: dict[int, int], names: list[str]
) -> None:
    config = AutoConfig.from_pretrained(folder)
    before = _widths(config)
    model = build(config, kind, seed)
    for old, new in zip(before, _widths(model.config), strict=True):
        widths[old] = new
    for name, buffer in model.named_buffers():
        if name.endswith("embeds_weights"):
            buffer.fill_(NEVER_FLAGGED)
    for name, weight in model.named_parameters():
        if name.endswith("embeds_weights"):
            weight.data.fill_(NEVER_FLAGGED)
    model.save_pretrained(target)
    _clean(target, "model", names)


def _widths(config: Any) -> list[int]:
    inner = getattr(config, "text_config", config)
    keys = ("hidden_size", "d_model", "projection_dim")
    return [value for key in keys if isinstance(value := getattr(inner, key, None), int)]


def _write_diffusers(
    folder: Path, target: Path, kind: type[Any], seed: int, widths: dict[int, int], names: list[str]
) -> None:
    config = dict(kind.load_config(folder))
    smaller = {key: _smaller(key, value, config, widths) for key, value in config.items()}
    if "caption_projection_dim" in smaller and "attention_head_dim" in smaller:
        smaller["caption_projection_dim"] = smaller["num_attention_heads"] * smaller["attention_head_dim"]
    torch.manual_seed(seed)
    model = kind.from_config(smaller)
    weights = sum(each.numel() for each in model.parameters())
    if weights > MOST_WEIGHTS:
        raise CannotMake(
            f"the smallest twin of its {folder.name} would have {weights / 1e6:.0f} million weights"
        )
    randomize(model)
    model.save_pretrained(target)
    _clean(target, "diffusion_pytorch_model", names)


def _smaller(key: str, value: Any, config: dict[str, Any], widths: dict[int, int]) -> Any:
    """The new value of a key of diffusers' own classes."""
    if value is None:
        return None
    if key in KEYS["condition"]:
        return _condition(value, widths)
    if key in KEYS["layers"] and not isinstance(value, bool):
        return 1
    if key == "block_out_channels":
        return [32 if index == 0 or _is_vae(config) else 64 for index in range(len(value))]
    if key == "projection_class_embeddings_input_dim":
        times = 6 * config.get("addition_time_embed_dim", 256)
        return times + widths.get(value - times, value - times)
    return _narrower(key, value, config)


def _narrower(key: str, value: Any, config: dict[str, Any]) -> Any:
    match key:
        case "num_attention_heads" if isinstance(value, int):
            return 2
        case "attention_head_dim" if "block_out_channels" in config:
            return 8
        case "base_dim":
            return min(value, 8)
        case _ if key in KEYS["inner"]:
            return 64
        case _:
            return value


def _is_vae(config: dict[str, Any]) -> bool:
    return "latent_channels" in config


def _condition(value: Any, widths: dict[int, int]) -> Any:
    """The new width of what had this one: of one text encoder, or of several side by side."""
    if isinstance(value, list | tuple):
        return [_condition(each, widths) for each in value]
    if not isinstance(value, int):
        return value
    for count in range(1, len(widths) + 1):
        for some in combinations(widths, count):
            if sum(some) == value:
                return sum(widths[each] for each in some)
    return value


def _clean(target: Path, stem: str, names: Iterable[str]) -> None:
    """Only one file with weights is left, under every name that it has in the real repo."""
    for index in target.glob("*.index*.json"):
        index.unlink()
    name_as(target / f"{stem}.safetensors", list(names))


assert diffusers and transformers
