"""Which library opens a model, told from its files first and from what its card says second. Pure; no I/O."""

from collections.abc import Callable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple

from worker.card import Card

TORCH_WEIGHTS = ("*.safetensors", "*.bin", "*.pt", "*.pth", "*.ckpt")


class Loader(StrEnum):
    """How the weights are opened."""

    TRANSFORMERS = "transformers"
    DIFFUSERS = "diffusers"
    DIFFUSERS_LORA = "diffusers-lora"
    """LoRA weights on top of a diffusers pipeline."""
    PEFT = "peft"
    """An adapter on top of a transformers model."""
    GGUF = "gguf"
    ONNX = "onnx"
    SENTENCE_TRANSFORMERS = "sentence-transformers"
    TIMM = "timm"
    MLX = "mlx"
    """Apple's own format; nothing on a Space opens it."""
    UNKNOWN = "unknown"


class _Seen(NamedTuple):
    """What the rules look at."""

    names: frozenset[str]
    library: str
    tags: tuple[str, ...]
    config: bool
    """Whether transformers could read the configuration."""

    def any(self, *patterns: str) -> bool:
        return any(matches(name, patterns) for name in self.names)

    @property
    def torch(self) -> bool:
        return self.any(*TORCH_WEIGHTS)

    @property
    def diffusers(self) -> bool:
        return self.library == "diffusers" or "diffusers" in self.tags

    @property
    def lora(self) -> bool:
        adapts = any(tag == "lora" or tag.startswith("base_model:adapter:") for tag in self.tags)
        return adapts or self.any("*[Ll]o[Rr][Aa]*")

    def only(self, *patterns: str) -> bool:
        """Whether there are such files, and no weights that torch opens."""
        return self.any(*patterns) and not self.any("*.safetensors", "pytorch_model*.bin")


RULES: tuple[tuple[Loader, str, Callable[[_Seen], bool]], ...] = (
    (Loader.MLX, "it is in MLX format", lambda seen: seen.library.startswith("mlx") or "mlx" in seen.tags),
    (Loader.DIFFUSERS, "it has a model_index.json", lambda seen: "model_index.json" in seen.names),
    (
        Loader.DIFFUSERS_LORA,
        "it has weights for diffusers but no pipeline of its own",
        lambda seen: seen.torch and "config.json" not in seen.names and seen.diffusers and seen.lora,
    ),
    (
        Loader.UNKNOWN,
        "it is one checkpoint for diffusers without the other parts of a pipeline",
        lambda seen: seen.torch and seen.diffusers and not seen.config,
    ),
    (
        Loader.UNKNOWN,
        "its weights are in CTranslate2 format",
        lambda seen: (
            (seen.library == "ctranslate2" or "ctranslate2" in seen.tags) and seen.only("*model.bin")
        ),
    ),
    (
        Loader.UNKNOWN,
        "its weights are in OpenVINO format",
        lambda seen: seen.only("*openvino*.xml", "openvino*.bin"),
    ),
    (
        Loader.UNKNOWN,
        "its weights are in Core ML format",
        lambda seen: seen.only("*.mlpackage/*", "*.mlmodel", "*.mlmodelc/*"),
    ),
    (
        Loader.UNKNOWN,
        "its weights are in TensorFlow Lite format",
        lambda seen: seen.only("*.tflite", "*.litertlm"),
    ),
    (Loader.PEFT, "it has an adapter_config.json", lambda seen: "adapter_config.json" in seen.names),
    (Loader.TIMM, "its library is timm", lambda seen: seen.library == "timm"),
    (
        Loader.SENTENCE_TRANSFORMERS,
        "it is made for sentence-transformers",
        lambda seen: seen.library == "sentence-transformers" or "modules.json" in seen.names,
    ),
    (
        Loader.ONNX,
        "its weights are in ONNX format",
        lambda seen: seen.any("*.onnx") and not seen.torch,
    ),
    (Loader.GGUF, "its weights are in GGUF format", lambda seen: seen.any("*.gguf") and not seen.torch),
    (
        Loader.TRANSFORMERS,
        "its config.json is one of transformers",
        lambda seen: seen.torch and (seen.config or seen.library == "transformers"),
    ),
)
"""The first that holds; files come before what the card says."""


def loader_of(card: Card) -> tuple[Loader, str]:
    """The loader and what told us."""
    library = (card.library_name or "").lower()
    seen = _Seen(frozenset(card.files), library, card.tags, "model_type" in card.config)
    for loader, told_by, holds in RULES:
        if holds(seen):
            return loader, told_by
    if library in {"transformers", "diffusers"}:
        return Loader.UNKNOWN, f"it has no weights that {library} opens"
    return Loader.UNKNOWN, f"its library is {card.library_name or 'not given'}"


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
