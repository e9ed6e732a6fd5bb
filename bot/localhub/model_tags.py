"""The tags that the Hub derives for a repo from its card and its files."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.localhub.architectures import is_custom
from bot.localhub.model_config import has_chat_template
from bot.localhub.model_facts import Facts, words

FORMATS = (
    ("pytorch", re.compile(r"(^|/)(pytorch_model|adapter_model)[^/]*\.bin$|\.pth?$")),
    ("tf", re.compile(r"(^|/)tf_model[^/]*\.h5$")),
    ("jax", re.compile(r"(^|/)flax_model[^/]*\.msgpack$")),
    ("coreml", re.compile(r"\.mlmodel$|\.mlpackage/")),
    ("onnx", re.compile(r"\.onnx$")),
    ("openvino", re.compile(r"(^|/)openvino_[^/]*\.xml$")),
    ("safetensors", re.compile(r"\.safetensors$")),
    ("gguf", re.compile(r"\.gguf$")),
    ("tensorboard", re.compile(r"tfevents")),
)
"""The format that a file's name tells."""
TALKS = {"text-generation", "image-text-to-text", "audio-text-to-text", "video-text-to-text", "any-to-any"}
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})|\barxiv:(\d{4}\.\d{4,5})", re.IGNORECASE)


def model_tags(paths: Iterable[str], card: Mapping[str, Any], facts: Facts, readme: str) -> list[str]:
    names = list(paths)
    formats = [tag for tag, pattern in FORMATS if any(map(pattern.search, names))]
    found = [facts.library, *formats, facts.config.get("model_type"), facts.task]
    found += ["lora" if facts.lora else None, "custom_code" if is_custom(facts.config) else None]
    found += words(card.get("tags")) + _conversational(facts) + _diffusers(facts) + _quantization(facts)
    return _unique([*found, *_of_card(card, readme), *_of_base_models(facts), "region:us"])


def other_tags(card: Mapping[str, Any], readme: str) -> list[str]:
    """Of a dataset or a Space."""
    return _unique([*words(card.get("tags")), *_of_card(card, readme), "region:us"])


def _of_card(card: Mapping[str, Any], readme: str) -> list[str]:
    arxiv = [f"arxiv:{abstract or short}" for abstract, short in _ARXIV.findall(readme)]
    datasets = [f"dataset:{name}" for name in words(card.get("datasets"))]
    licenses = [f"license:{name}" for name in words(card.get("license"))]
    return [*words(card.get("language")), *datasets, *arxiv, *licenses]


def _of_base_models(facts: Facts) -> list[str]:
    plain = [f"base_model:{name}" for name in facts.base_models]
    return plain + [f"base_model:{facts.relation}:{name}" for name in facts.base_models]


def _conversational(facts: Facts) -> list[str]:
    templated = has_chat_template(facts.config) or bool((facts.gguf or {}).get("chat_template"))
    talks = facts.task in TALKS or (facts.task is None and facts.gguf is not None)
    return ["conversational"] if templated and talks else []


def _diffusers(facts: Facts) -> list[str]:
    name = facts.config.get("diffusers", {}).get("_class_name")
    return [f"diffusers:{name}"] if isinstance(name, str) and name.endswith("Pipeline") else []


def _quantization(facts: Facts) -> list[str]:
    how = facts.config.get("quantization_config", {})
    method = how.get("quant_method")
    bits = how.get("bits") or (4 if how.get("load_in_4bit") else 8 if how.get("load_in_8bit") else None)
    if bits is None and method == "fp8":
        bits = 8
    return [tag for tag in (f"{bits}-bit" if bits else None, method) if isinstance(tag, str)]


def _unique(tags: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(tag for tag in tags if isinstance(tag, str) and tag))
