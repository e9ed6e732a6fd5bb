"""What to build from a card: which blueprint, which weights, which hardware, and why. Pure; no I/O."""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict

from worker.blueprints import Blueprint, Content
from worker.card import Card
from worker.errors import Blocked, Blocker

CPU_MEMORY = 16 * 1024**3
"""Bytes of the free CPU hardware."""
MEMORY_PER_WEIGHT = 1.5
MEMORY_AROUND = 700 * 1024**2
"""Bytes that Python, Gradio and ONNX Runtime take without a model."""


class Plan(BaseModel):
    """A decision that the write phase only has to carry out."""

    model_config = ConfigDict(frozen=True)

    blueprint: Blueprint
    reason: str
    """Why this blueprint."""
    weights: str
    external_data: tuple[str, ...] = ()
    """Files that the weights file refers to."""
    examples: tuple[str, ...] = ()
    hardware: str
    hardware_reason: str
    memory_bytes: int
    """Estimate of what the running app needs."""


def make_plan(card: Card, hardware: str, blueprints: tuple[Blueprint, ...]) -> Plan:
    """The plan for a model, or Blocked with every reason why there is none."""
    if all(path.startswith(".") for path in card.files):
        raise Blocked(_blocker("no_files", f"{card.model_id} has no files at this revision."))
    fitting = [blueprint for blueprint in blueprints if not gaps(blueprint, card)]
    if not fitting:
        raise Blocked(uncovered(card, blueprints))
    if card.gated or card.private:
        raise Blocked(_closed_model(card))
    blueprint = fitting[0]
    weights = weights_of(blueprint, card.files)
    assert weights is not None
    external = external_data_of(weights, card.files)
    memory = _memory(card, weights, external)
    if memory > CPU_MEMORY:
        raise Blocked(_too_large(card, weights, memory))
    return Plan(
        blueprint=blueprint,
        reason=_why(blueprint, card, weights),
        weights=weights,
        external_data=external,
        examples=card.example_texts if blueprint.content is Content.TEXT else card.example_images,
        hardware=hardware,
        hardware_reason=f"Made for {blueprint.hardware}; it needs about {_size(memory)} of memory.",
        memory_bytes=memory,
    )


def gaps(blueprint: Blueprint, card: Card) -> list[str]:
    """What keeps a blueprint from fitting a model, the most telling first; empty where it fits."""
    found = []
    if card.pipeline_tag not in blueprint.pipeline_tags:
        found.append(f"the task is {card.pipeline_tag or 'not given'}")
    named = _architectures(card)
    if named and not any(_matches(name, blueprint.architectures) for name in named):
        found.append(f"config.json names {', '.join(named)}")
    if weights_of(blueprint, card.files) is None:
        found.append(f"there is no {blueprint.weights[0]} or the like")
    found += [f"there is no {name}" for name in blueprint.files if name not in card.files]
    return found


def closest(card: Card, blueprints: tuple[Blueprint, ...]) -> Blueprint | None:
    """The blueprint with the least in its way; the same kind of input or answer counts before the files."""

    def distance(blueprint: Blueprint) -> tuple[bool, int, int, str]:
        return (
            card.pipeline_tag not in blueprint.pipeline_tags,
            -_words_in_common(card.pipeline_tag, blueprint.pipeline_tags),
            len(gaps(blueprint, card)),
            blueprint.name,
        )

    return min(blueprints, key=distance, default=None)


def uncovered(card: Card, blueprints: tuple[Blueprint, ...]) -> Blocker:
    """Says that no blueprint fits, and names the closest one with what is in its way."""
    library = f" with {card.library_name}" if card.library_name else ""
    what = f"{card.pipeline_tag or 'a model without a task'}{library}"
    near = closest(card, blueprints)
    if near is None:
        return _blocker("no_blueprint", f"No blueprint covers {what} yet.")
    in_the_way = "; ".join(gaps(near, card))
    if card.pipeline_tag in near.pipeline_tags:
        message = f"{card.model_id} says it is {what}, but {in_the_way}."
    else:
        message = f"No blueprint covers {what} yet."
    if card.base_models:
        message += f" The base model {card.base_models[0]} may fit better."
    tried = f"The closest blueprint is {near.name}, but {in_the_way}."
    return Blocker(code="no_blueprint", message=message, tried=tried)


def weights_of(blueprint: Blueprint, files: dict[str, int]) -> str | None:
    """The weights file that a blueprint would load: the first in the order of its patterns, then by name."""
    for pattern in blueprint.weights:
        folder = PurePosixPath(pattern).parent
        found = [
            path for path in files if fnmatchcase(path, pattern) and PurePosixPath(path).parent == folder
        ]
        if found:
            return min(found)
    return None


def external_data_of(weights: str, files: dict[str, int]) -> tuple[str, ...]:
    """The files beside an ONNX file that hold its tensors, as exporters name them."""
    names = (f"{weights}.data", f"{weights}_data", f"{weights}_data_*", f"{weights}.data_*")
    return tuple(sorted(path for path in files if _matches(path, names)))


def _why(blueprint: Blueprint, card: Card, weights: str) -> str:
    beside = ", ".join(blueprint.files)
    return f"The task is {card.pipeline_tag}; the weights are in {weights}, and {beside} are beside them."


def _closed_model(card: Card) -> Blocker:
    what = "private" if card.private else "gated"
    return Blocker(
        code=f"{what}_model",
        message=f"{card.model_id} is {what}, and a Space gets no token from us to read it.",
        tried="The model was read with your token in this run, which is never put into a Space.",
    )


def _too_large(card: Card, weights: str, memory: int) -> Blocker:
    return _blocker(
        "too_large",
        f"{weights} has {_size(card.files[weights])}; running it takes about {_size(memory)} of memory,"
        f" and the CPU hardware has {_size(CPU_MEMORY)}.",
    )


def _blocker(code: str, message: str) -> Blocker:
    return Blocker(code=code, message=message, tried="The model's files and metadata were read.")


def _memory(card: Card, weights: str, external: tuple[str, ...]) -> int:
    stored = sum(card.files[path] for path in (weights, *external))
    return int(stored * MEMORY_PER_WEIGHT) + MEMORY_AROUND


def _architectures(card: Card) -> tuple[str, ...]:
    named = card.config.get("architectures")
    return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _words_in_common(tag: str | None, others: tuple[str, ...]) -> int:
    words = set((tag or "").split("-")) - {"to"}
    return max((len(words & set(other.split("-"))) for other in others), default=0)


def _size(number: int) -> str:
    return f"{number / 1024**3:.1f} GiB" if number >= 1024**3 else f"{number / 1024**2:.0f} MiB"
