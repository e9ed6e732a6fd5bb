"""What to build from a card: which blueprint, which settings, which hardware, and why. Pure; no I/O."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.blueprints import Blueprint, Content, Family
from worker.card import Card
from worker.card_examples import example_rows
from worker.errors import Blocked, Blocker
from worker.estimate import Estimate, Place
from worker.hardware import Choice, Obstacle, Option, Wishes, choose
from worker.hardware_offers import Offer
from worker.loader import Loader, loader_of
from worker.memory import estimate, family_of
from worker.selection import blocker, external_data_of, select, weights_of

LARGER_SIZE = "xlarge"
"""Of a call on ZeroGPU; the app asks for it only where the smaller one will not do."""


class Plan(BaseModel):
    """A decision that the write phase only has to carry out."""

    model_config = ConfigDict(frozen=True)

    blueprint: Blueprint
    reason: str
    """Why this blueprint."""
    settings: dict[str, JsonValue]
    """What the app needs to know of this model besides its name; becomes part of `model.json`."""
    examples: tuple[str, ...] = ()
    mounted: bool = False
    """Whether the Space gets the model as a volume, because not everyone may download it."""
    estimate: Estimate
    choice: Choice
    to_be_written: bool = False
    """Whether the blueprint is only where a coding agent begins."""

    @property
    def weights(self) -> str:
        return str(self.settings["weights"])

    @property
    def hardware(self) -> str:
        """What is asked for, or what a person would have to allow."""
        return self._best.flavor

    @property
    def is_scarce(self) -> bool:
        """Whether the hardware costs money or somebody's quota."""
        return self._best.place is not Place.CPU or self._best.usd_per_hour != 0

    @property
    def _best(self) -> Option:
        return self.choice.chosen or self.choice.alternatives[0]


def make_plan(
    card: Card,
    blueprints: tuple[Blueprint, ...],
    offers: tuple[Offer, ...],
    wishes: Wishes,
    *,
    base: Card | None = None,
    types: Mapping[str, str] | None = None,
    trust_remote_code: bool = False,
) -> Plan:
    """The plan for a model, or Blocked with every reason why there is none.

    `base` is the card of the model that an adapter stands on; `types` the type of the numbers by folder.
    """
    blueprint, reason = select(card, blueprints)
    if card.needs_own_code and not trust_remote_code:
        raise Blocked(_own_code(card))
    needs = needs_of(card, blueprint, base, types)
    choice = choose(needs, offers, wishes)
    if choice.obstacle not in {None, Obstacle.NOT_ALLOWED}:
        raise Blocked(_no_hardware(choice))
    settings = settings_of(card, blueprint, needs, choice)
    if card.brings_own_code and trust_remote_code:
        settings["trust_remote_code"] = True
    return Plan(
        blueprint=blueprint,
        reason=reason,
        settings=settings,
        examples=examples_of(card, blueprint.content),
        mounted=card.gated or card.private,
        estimate=needs,
        choice=choice,
    )


def examples_of(card: Card, content: Content) -> tuple[str, ...]:
    """The card's own, where they are of the kind that the app takes."""
    match content:
        case Content.TEXT:
            return card.example_texts
        case Content.IMAGE:
            return card.example_images
        case _:
            return ()


def needs_of(
    card: Card, blueprint: Blueprint, base: Card | None, types: Mapping[str, str] | None = None
) -> Estimate:
    """Memory, disk and time of a model, an adapter together with its base."""
    loader, _ = loader_of(card)
    on = estimate(base, loader_of(base)[0], family_of(base.pipeline_tag)) if base else None
    chosen = weights_of(blueprint, card.files) if loader in {Loader.ONNX, Loader.DIFFUSERS_LORA} else None
    return estimate(card, loader, blueprint.family, base=on, types=types, chosen=chosen)


def settings_of(card: Card, blueprint: Blueprint, needs: Estimate, choice: Choice) -> dict[str, JsonValue]:
    """What the app of this family reads from `model.json`."""
    weights = weights_of(blueprint, card.files)
    assert weights is not None
    settings: dict[str, JsonValue] = {"weights": weights}
    match loader_of(card)[0]:
        case Loader.GGUF:
            settings["weights"] = next(iter(needs.files))
        case Loader.ONNX:
            settings["external_data"] = list(external_data_of(weights, card.files))
        case Loader.PEFT | Loader.DIFFUSERS_LORA:
            settings["base_model"] = card.base_of_adapter
            settings["trigger"] = card.instance_prompt
            settings["own_tokenizer"] = "tokenizer_config.json" in card.files
    if blueprint.family is Family.LLM:
        settings["chat"] = card.chat
    if blueprint.gpu:
        settings["duration"] = blueprint.duration
    if choice.chosen and choice.chosen.size == LARGER_SIZE:
        settings["gpu_size"] = LARGER_SIZE
    if blueprint.content is Content.IMAGE:
        settings["examples_are_files"] = True
    if len(blueprint.example) > 1:
        settings["examples"] = [list(row) for row in example_rows(card.example_entries, blueprint.example)]
    return settings


def _own_code(card: Card) -> Blocker:
    return blocker(
        "custom_code",
        f"{card.model_id} brings code of its own, which runs with the Space. Read it; if you trust it,"
        " ask again with the option trust-remote-code=yes.",
    )


def _no_hardware(choice: Choice) -> Blocker:
    tried = "; ".join(f"{each.flavor}: {each.reason}" for each in choice.refusals)
    return Blocker(code=str(choice.obstacle), message=choice.reason, tried=tried or "No hardware is offered.")
