"""How much memory and disk a model takes where it runs: an estimate with its parts. Pure; no I/O.

Weights are the bytes that the loader opens. What is needed around them is judgement, in the tables below;
only what Python and the libraries take on a CPU was measured.
"""

from collections.abc import Mapping
from typing import NamedTuple

from worker.blueprints import Family
from worker.card import Card
from worker.estimate import GB, Estimate, Part, Place, in_gb
from worker.held_weights import RUNS_IN_BF16, HeldWeights
from worker.loader import Loader
from worker.model_shape import active_parameters, cache_bytes, text_config
from worker.quantisation import quantisation_of
from worker.weights import weight_files

GPU_LIBRARIES = 800_000_000
CPU_LIBRARIES = 600_000_000
"""Apps of every family were measured at 0.35 to 0.6 GB."""
ENVIRONMENT = 9 * GB
"""Disk for Python, torch with CUDA, and the image."""
SMALL_ENVIRONMENT = 2 * GB
"""The same without torch."""
LOADED_PER_SECOND = GB // 2
UNPACKED_PER_SECOND = 50_000_000
"""GGUF parameters; measured on one core of a CPU."""
CONTEXT = 4096
"""Tokens that an app keeps at most."""


class _Work(NamedTuple):
    """Memory for what is computed: a share of the weights and a fixed amount, but never less than `least`."""

    share: float
    fixed: int = 0
    least: int = 0


WORK = {
    Family.ENCODER: _Work(0.15, 200_000_000),
    Family.SEQ2SEQ: _Work(0.2, 300_000_000),
    Family.SPEECH: _Work(0.25, 500_000_000),
    Family.LLM: _Work(0.05, 400_000_000),
    Family.DIFFUSION: _Work(0.2, least=1_500_000_000),
    Family.VIDEO: _Work(0.35, least=8 * GB),
    Family.ONNX: _Work(0.5, 100_000_000),
}
"""For diffusion and video the weights of the largest part count: the others wait meanwhile."""
TASKS = {
    Family.LLM: (
        *("text-generation", "image-text-to-text", "any-to-any", "audio-text-to-text"),
        *("video-text-to-text", "visual-question-answering", "document-question-answering"),
    ),
    Family.DIFFUSION: (
        *("text-to-image", "image-to-image", "image-text-to-image", "unconditional-image-generation"),
        *("text-to-3d", "image-to-3d"),
    ),
    Family.VIDEO: ("text-to-video", "image-to-video", "image-text-to-video", "video-to-video"),
    Family.SPEECH: ("automatic-speech-recognition", "text-to-speech", "text-to-audio", "audio-to-audio"),
    Family.SEQ2SEQ: ("summarization", "translation", "text2text-generation", "image-to-text"),
}


def family_of(pipeline_tag: str | None) -> Family:
    """The family of a task, for models that no blueprint covers."""
    return next((family for family, tasks in TASKS.items() if pipeline_tag in tasks), Family.ENCODER)


def estimate(
    card: Card,
    loader: Loader,
    family: Family,
    *,
    base: Estimate | None = None,
    types: Mapping[str, str] | None = None,
    chosen: str | None = None,
) -> Estimate:
    """What the model of `card` needs when `loader` opens it.

    `base` is the estimate of the model that an adapter stands on. `types` gives the type of the numbers, such
    as F32, by folder or path, as the headers of the files say; without it the repo's own counts and names
    tell. `chosen` is the one file that an app names itself, of many GGUF, ONNX or LoRA files.
    """
    components = frozenset(card.pipeline.components) if card.pipeline else frozenset()
    opened = weight_files(card.files, loader, components=components or None, chosen=chosen)
    family = Family.ONNX if loader is Loader.ONNX else family
    model = HeldWeights(
        card=card,
        loader=loader,
        family=family,
        opened=opened,
        quantisation=quantisation_of(card.config),
        types={**opened.types, **(types or {})},
    )
    made = Estimate(
        family=family,
        task=card.pipeline_tag,
        parameters=model.parameters,
        active_parameters=active_parameters(text_config(card.config), model.parameters),
        computes_in=model.computes_in,
        quantisation=model.quantisation,
        gpu=_parts(model, model.bytes_as(model.on_gpu), GPU_LIBRARIES),
        cpu=_parts(model, model.bytes_as(model.on_cpu), CPU_LIBRARIES),
        loading=_loading(model),
        loading_seconds=_loading_seconds(model),
        disk=_disk(model),
        closed=_closed(model),
        unpacked=loader is Loader.GGUF,
        files=opened.files,
        notes=(*opened.notes, *model.doubts()),
    )
    return _on_base(made, base) if loader in {Loader.PEFT, Loader.DIFFUSERS_LORA} else made


def _on_base(adapter: Estimate, base: Estimate | None) -> Estimate:
    """An adapter together with the model that it stands on."""
    if base is None:
        closed = dict.fromkeys(Place, "the model that the adapter stands on is not known")
        return adapter.model_copy(update={"closed": closed})
    return base.model_copy(
        update={
            "task": adapter.task or base.task,
            "parameters": adapter.parameters + base.parameters,
            "active_parameters": adapter.parameters + base.active_parameters,
            "gpu": _stacked(adapter.gpu, base.gpu),
            "cpu": _stacked(adapter.cpu, base.cpu),
            "loading": _stacked(adapter.loading, base.loading),
            "loading_seconds": adapter.loading_seconds + base.loading_seconds,
            "disk": _stacked(adapter.disk, base.disk),
            "closed": {**base.closed, **adapter.closed},
            "files": adapter.files,
            "notes": (*adapter.notes, *(f"Base model: {note}" for note in base.notes)),
        }
    )


def _stacked(adapter: tuple[Part, ...], base: tuple[Part, ...]) -> tuple[Part, ...]:
    """Both weights, which come first, and what is around the base."""
    return (adapter[0], base[0].model_copy(update={"name": "weights of the base model"}), *base[1:])


def _parts(model: HeldWeights, weights: int, libraries: int) -> tuple[Part, ...]:
    parts = [Part(name="weights", bytes=weights, reason=_held(model, weights))]
    if model.family is Family.LLM:
        cache = cache_bytes(text_config(model.card.config), CONTEXT)
        reason = (
            "keys and values of a long conversation"
            if cache
            else "a tenth of the weights, because the config does not tell"
        )
        parts.append(Part(name="cache", bytes=cache or weights // 10, reason=reason))
    work = WORK[model.family]
    basis = weights
    if model.family in RUNS_IN_BF16 and model.opened.bytes:
        basis = weights * model.opened.largest_part // model.opened.bytes
    working = max(int(basis * work.share) + work.fixed, work.least)
    parts.append(
        Part(name="work", bytes=working, reason=f"what a model of the {model.family} family computes with")
    )
    parts.append(Part(name="libraries", bytes=libraries, reason="Python, its libraries and Gradio"))
    return tuple(parts)


def _held(model: HeldWeights, weights: int) -> str:
    said = f"{len(model.opened.files)} of {len(model.card.files)} files, {in_gb(model.opened.bytes)}"
    return said if weights == model.opened.bytes else f"{said}, held as {in_gb(weights)}"


def _loading(model: HeldWeights) -> tuple[Part, ...]:
    weights = model.bytes_as(model.on_gpu)
    parts = [
        Part(name="weights", bytes=weights, reason="the model is in RAM before it moves to the GPU"),
        Part(name="libraries", bytes=CPU_LIBRARIES, reason="Python, its libraries and Gradio"),
    ]
    if model.loader is Loader.GGUF:
        extra = model.opened.bytes + model.parameters // 2  # measured: 3.6 bytes for each parameter in all
        parts.append(Part(name="unpacking", bytes=extra, reason="the GGUF file, and a layer in 32 bits"))
    elif model.pickled_bytes:
        reason = "an old pickle is read whole before it is used"
        parts.append(Part(name="unpickling", bytes=model.pickled_bytes, reason=reason))
    return tuple(parts)


def _loading_seconds(model: HeldWeights) -> int:
    unpacking = model.parameters // UNPACKED_PER_SECOND if model.loader is Loader.GGUF else 0
    return 20 + model.opened.bytes // LOADED_PER_SECOND + unpacking


def _disk(model: HeldWeights) -> tuple[Part, ...]:
    small = model.family is Family.ONNX
    what = "Python and the libraries" if small else "Python, torch with CUDA and the libraries"
    return (
        Part(name="weights", bytes=model.opened.bytes, reason="the files that are downloaded"),
        Part(name="environment", bytes=SMALL_ENVIRONMENT if small else ENVIRONMENT, reason=what),
    )


def _closed(model: HeldWeights) -> dict[Place, str]:
    if not model.opened.files:
        return dict.fromkeys(Place, "no file of this repo is known to hold weights")
    if model.loader is Loader.GGUF and len(model.opened.files) > 1:
        return dict.fromkeys(Place, "its GGUF files come in parts, which transformers cannot open")
    if model.loader is Loader.MLX:
        return dict.fromkeys(Place, "MLX opens on Apple's computers only")
    if model.family is Family.ONNX:
        reason = "ONNX Runtime computes on the CPU here"
        return {Place.GPU: reason, Place.ZERO_GPU: reason}
    if model.quantisation:
        return {Place.CPU: f"the kernels of {model.quantisation.method} run on a GPU"}
    return {}
