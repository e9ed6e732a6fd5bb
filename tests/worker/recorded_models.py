"""Metadata of well-known models as the Hub's model_info gives it, under data/metadata.

Besides the answer's own fields a file has `source` (where its numbers come from), and may have `config_json`
and `model_index_json` (what is read of these files) and `header_types` (the type of the numbers by folder, as
the headers of the weights say).
"""

import json
from pathlib import Path

from huggingface_hub import ModelInfo
from pydantic import BaseModel, JsonValue

from worker.card import Card, task_of_adapter
from worker.estimate import Estimate
from worker.loader import loader_of
from worker.memory import estimate, family_of
from worker.pipeline_index import read_index

FOLDER = Path(__file__).parent / "data" / "metadata"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
BASES = {
    "black-forest-labs/FLUX.1-dev": "flux-1-dev",
    "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b",
    "stabilityai/stable-diffusion-xl-base-1.0": "sdxl",
}


class Recorded(BaseModel):
    card: Card
    header_types: dict[str, str]
    source: str


def recorded(name: str) -> Recorded:
    """One model, read by the real client's class and put into a Card as worker/card.py does."""
    raw: dict[str, JsonValue] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    source, own, types = (raw.pop(key, None) for key in ("source", "config_json", "header_types"))
    index = raw.pop("model_index_json", None)
    info = ModelInfo(**raw)
    said = dict(info.card_data.to_dict()) if info.card_data else {}
    bases = said.get("base_model") or ()
    config = {**(info.config or {}), **(own if isinstance(own, dict) else {})}
    files = {file.rfilename: file.size or 0 for file in info.siblings or ()}
    card = Card(
        model_id=info.id,
        revision=str(info.sha),
        private=bool(info.private),
        gated=bool(info.gated),
        pipeline_tag=info.pipeline_tag or task_of_adapter(config),
        library_name=said.get("library_name") or info.library_name,
        license=said.get("license_name") or said.get("license"),
        tags=tuple(info.tags or ()),
        base_models=(bases,) if isinstance(bases, str) else tuple(bases),
        files=files,
        config=config,
        pipeline=read_index(index, files) if isinstance(index, dict) else None,
        parameters=dict(info.safetensors.parameters) if info.safetensors else {},
        instance_prompt=said.get("instance_prompt"),
    )
    return Recorded(card=card, header_types=types or {}, source=str(source))


def estimated(name: str) -> Estimate:
    """What a recorded model needs, an adapter together with its recorded base."""
    model = recorded(name)
    card = model.card
    base = BASES.get(card.base_of_adapter or "")
    return estimate(
        card,
        loader_of(card)[0],
        family_of(card.pipeline_tag),
        base=estimated(base) if base and base != name else None,
        types=model.header_types,
    )
