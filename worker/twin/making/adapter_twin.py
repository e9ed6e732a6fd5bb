"""An adapter for the small twin of its base model, with random weights that are large enough to be seen."""

import json
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from transformers import AutoConfig, AutoModel

from . import CannotMake
from .transformers_twin import architecture, edit_json

RANK = 4


def make_peft(real: Path, first: Path, job: dict[str, Any]) -> None:
    base = _base(job)
    said = PeftConfig.from_pretrained(real)
    config = AutoConfig.from_pretrained(base)
    torch.manual_seed(job["seed"])
    kind = architecture(config) if config.architectures else AutoModel
    model = kind.from_pretrained(base)
    if getattr(said, "r", None):
        said.r = min(said.r, RANK)
    adapted = get_peft_model(model, said)
    _randomize(adapted, "lora_")
    adapted.save_pretrained(first)
    real_config = json.loads((real / "adapter_config.json").read_text(encoding="utf-8"))
    name = real_config.get("base_model_name_or_path")
    edit_json(first / "adapter_config.json", base_model_name_or_path=name)


def make_diffusers_lora(real: Path, first: Path, job: dict[str, Any]) -> None:
    from diffusers import DiffusionPipeline
    from diffusers.utils import convert_state_dict_to_diffusers

    pipeline = DiffusionPipeline.from_pretrained(_base(job))
    part = "transformer" if getattr(pipeline, "transformer", None) is not None else "unet"
    denoiser = getattr(pipeline, part)
    torch.manual_seed(job["seed"])
    targets = ["to_q", "to_k", "to_v", "to_out.0"]
    denoiser.add_adapter(LoraConfig(r=RANK, target_modules=targets, init_lora_weights=False))
    _randomize(denoiser, "lora_")
    layers = convert_state_dict_to_diffusers(get_peft_model_state_dict(denoiser))
    for path in job["weights"]:
        target = first / path
        given: dict[str, Any] = {f"{part}_lora_layers": layers, "weight_name": target.name}
        pipeline.save_lora_weights(str(target.parent), **given)


def _base(job: dict[str, Any]) -> Path:
    if not job["base"]:
        raise CannotMake("there is no twin of the model that it stands on")
    return Path(job["base"])


def _randomize(model: Any, part: str) -> None:
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if part in name:
                weight.normal_(std=0.5)
