"""What the Hub finds out about a model by itself, when its card does not say: library, task, base model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.localhub.architectures import transformers_info
from bot.localhub.gguf_headers import gguf_of
from bot.localhub.model_config import config_of
from bot.localhub.repo_json import read_json
from bot.localhub.repos import Blob
from bot.localhub.safetensors_headers import safetensors_of
from bot.localhub.state import Hub

BY_FILE = (
    ("model_index.json", "diffusers"),
    ("adapter_config.json", "peft"),
    ("config_setfit.json", "setfit"),
    ("modules.json", "sentence-transformers"),
    ("config_sentence_transformers.json", "sentence-transformers"),
    ("open_clip_config.json", "open_clip"),
    ("hyperparams.yaml", "speechbrain"),
    ("pytorch_lora_weights.safetensors", "diffusers"),
    ("pytorch_lora_weights.bin", "diffusers"),
)
"""The file that only one library writes."""
BY_ENDING = ((".nemo", "nemo"), (".joblib", "sklearn"), (".keras", "keras"), (".gguf", "gguf"))
BY_CLASS = {
    "StableDiffusionPipeline": "text-to-image",
    "StableDiffusionXLPipeline": "text-to-image",
    "StableDiffusion3Pipeline": "text-to-image",
    "FluxPipeline": "text-to-image",
    "DDPMPipeline": "unconditional-image-generation",
}
BY_LIBRARY = {"sentence-transformers": "sentence-similarity", "timm": "image-classification"}
_TASKS = """
any-to-any audio-classification audio-text-to-text audio-to-audio automatic-speech-recognition
depth-estimation document-question-answering feature-extraction fill-mask graph-ml image-classification
image-feature-extraction image-segmentation image-text-to-image image-text-to-text image-text-to-video
image-to-3d image-to-image image-to-text image-to-video keypoint-detection mask-generation object-detection
question-answering reinforcement-learning robotics sentence-similarity summarization
table-question-answering tabular-classification tabular-regression text-classification text-generation
text-ranking text-to-3d text-to-audio text-to-image text-to-speech text-to-video text2text-generation
time-series-forecasting token-classification translation unconditional-image-generation video-classification
video-text-to-text video-to-video visual-document-retrieval visual-question-answering
voice-activity-detection zero-shot-classification zero-shot-image-classification zero-shot-object-detection
"""
TASKS = frozenset(_TASKS.split())
"""What a `pipeline_tag` may be."""
_REPO_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class Facts:
    """A model at one commit, as its card and its files tell of it."""

    config: dict[str, Any]
    library: str | None
    task: str | None
    transformers: dict[str, str] | None
    safetensors: dict[str, Any] | None
    gguf: dict[str, Any] | None
    base_models: tuple[str, ...]
    relation: str
    """What became of the base models: adapter, quantized, merge or finetune."""
    lora: bool


def facts_of(hub: Hub, files: Mapping[str, Blob], card: Mapping[str, Any]) -> Facts:
    config = config_of(hub, files)
    library = _library(hub, files, card)
    transformers = transformers_info(config)
    adapter = read_json(hub, files, "adapter_config.json")
    return Facts(
        config=config,
        library=library,
        task=_task(card, config, library, transformers),
        transformers=transformers,
        safetensors=safetensors_of(hub, files),
        gguf=gguf_of(hub, files),
        base_models=_base_models(card, adapter),
        relation=_relation(files, card, config),
        lora=adapter.get("peft_type") == "LORA",
    )


def words(value: object) -> list[str]:
    """A card's field that may be one word or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [word for word in values if isinstance(word, str)]


def _library(hub: Hub, files: Mapping[str, Blob], card: Mapping[str, Any]) -> str | None:
    if isinstance(named := card.get("library_name"), str):
        return named
    if by_file := next((library for name, library in BY_FILE if name in files), None):
        return by_file
    config = read_json(hub, files, "config.json")
    if "_class_name" in config:
        return "diffusers"
    if "pretrained_cfg" in config:
        return "timm"
    if "model_type" in config or "architectures" in config:
        return "transformers"
    return next((library for ending, library in BY_ENDING if _any(files, ending)), None)


def _task(
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    library: str | None,
    transformers: Mapping[str, str] | None,
) -> str | None:
    """What the card says comes first, then its tags, then the library, then the architecture."""
    if isinstance(said := card.get("pipeline_tag"), str):
        return said
    tagged = [tag for tag in words(card.get("tags")) if tag in TASKS]
    by_class = BY_CLASS.get(str(config.get("diffusers", {}).get("_class_name")))
    found = [*tagged, BY_LIBRARY.get(library or ""), by_class, (transformers or {}).get("pipeline_tag")]
    return next((task for task in found if task in TASKS), None)


def _base_models(card: Mapping[str, Any], adapter: Mapping[str, Any]) -> tuple[str, ...]:
    named = words(card.get("base_model")) or words(adapter.get("base_model_name_or_path"))
    return tuple(name for name in named if _REPO_ID.fullmatch(name))


def _relation(files: Mapping[str, Blob], card: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    if isinstance(said := card.get("base_model_relation"), str):
        return said
    tags = set(words(card.get("tags")))
    if "adapter_config.json" in files or tags & {"lora", "adapter"}:
        return "adapter"
    if _any(files, ".gguf") or "quantization_config" in config or tags & {"gptq", "awq", "mlx"}:
        return "quantized"
    many = len(words(card.get("base_model"))) > 1
    return "merge" if many or tags & {"merge", "mergekit"} else "finetune"


def _any(files: Mapping[str, Blob], ending: str) -> bool:
    return any(name.endswith(ending) for name in files)
