"""Which blueprint a model gets, and what is said where none fits. Pure; no I/O."""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from worker.blueprints import Blueprint
from worker.card import Card
from worker.errors import Blocked, Blocker
from worker.loader import Loader, loader_of, matches


def select(card: Card, blueprints: tuple[Blueprint, ...]) -> tuple[Blueprint, str]:
    """The blueprint for a model and why, or Blocked with what is in the way."""
    if all(path.startswith(".") for path in card.files):
        raise Blocked(blocker("no_files", f"{card.model_id} has no files at this revision."))
    loader, told_by = loader_of(card)
    if loader is Loader.MLX:
        raise Blocked(_mlx(card))
    fitting = [blueprint for blueprint in blueprints if not gaps(blueprint, card)]
    if not fitting:
        raise Blocked(uncovered(card, blueprints))
    weights = weights_of(fitting[0], card.files)
    reason = f"The task is {card.pipeline_tag}, and {told_by}; the weights are in {weights}."
    return fitting[0], reason


def gaps(blueprint: Blueprint, card: Card) -> list[str]:
    """What keeps a blueprint from fitting a model, the most telling first; empty where it fits."""
    found = []
    if card.pipeline_tag not in blueprint.pipeline_tags:
        found.append(f"the task is {card.pipeline_tag or 'not given'}")
    loader, told_by = loader_of(card)
    if loader not in blueprint.loaders:
        found.append(told_by)
    named = card.architectures
    if named and not any(_is_one_of(name, blueprint.architectures) for name in named):
        found.append(f"its config names {', '.join(named)}")
    own = _own_classes(card)
    if own and blueprint.auto_classes and not own & set(blueprint.auto_classes):
        found.append(f"its own code has nothing for {' or '.join(blueprint.auto_classes)}")
    if loader is Loader.DIFFUSERS and not named:
        found.append("its model_index.json names no pipeline")
    if weights_of(blueprint, card.files) is None:
        found.append(f"there is no {blueprint.weights[0]} or the like")
    missing = [names for names in blueprint.files if not any(each in card.files for each in names.split("|"))]
    found += [f"there is no {names.split('|')[0]}" for names in missing]
    return found


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a class is one of these, and none of those after an exclamation mark."""
    wanted = tuple(each for each in patterns if not each.startswith("!"))
    unwanted = tuple(each[1:] for each in patterns if each.startswith("!"))
    return (not wanted or matches(name, wanted)) and not matches(name, unwanted)


def _own_classes(card: Card) -> set[str]:
    """The auto classes of models that code of the model's own stands in for."""
    offered = card.config.get("auto_map")
    names = offered if isinstance(offered, dict) else {}
    return {name for name in names if name.startswith("AutoModel")}


def closest(card: Card, blueprints: tuple[Blueprint, ...]) -> Blueprint | None:
    """The blueprint with the least in its way; the same kind of input or answer counts before the files."""

    def distance(blueprint: Blueprint) -> tuple[bool, float, int, str]:
        return (
            card.pipeline_tag not in blueprint.pipeline_tags,
            -_likeness(card.pipeline_tag, blueprint.pipeline_tags),
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
        return blocker("no_blueprint", f"No blueprint covers {what} yet.")
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
    return tuple(sorted(path for path in files if matches(path, names)))


def blocker(code: str, message: str) -> Blocker:
    return Blocker(code=code, message=message, tried="The model's files and metadata were read.")


def _mlx(card: Card) -> Blocker:
    message = f"{card.model_id} is in MLX format, which only Apple's computers open."
    if card.base_models:
        message += f" Ask for the model that it was made from: {card.base_models[0]}."
    return blocker("mlx", message)


def _likeness(tag: str | None, others: tuple[str, ...]) -> float:
    """The share of words that two tasks have in common, 0 to 1; of the task that is most alike."""
    words = set((tag or "").split("-")) - {"to"}
    every = [set(other.split("-")) - {"to"} for other in others]
    return max((len(words & other) / len(words | other) for other in every), default=0.0)
